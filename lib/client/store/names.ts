import { AppError, toAppError } from '@/lib/core';
import type { Mark } from './capture-records';
import { storing } from './db';
import { renameRemoteTranscript } from './remote-transcripts';
import { updateTranscript } from './transcripts';
import { dropValue, keptNames, keptValue, storeKept } from './unsaved';

const KEPT = 'name:';

/** Under which a name is kept until it is stored: that of a transcript, or of one of its bookmarks. */
const keptName = (id: string, markId?: string) =>
  `${KEPT}${markId === undefined ? id : `${id}/${markId}`}`;

/** Renames a transcript, on this device or on the one that has its words. @throws STORE_QUOTA, STORE_FAILED */
export function setTitle(id: string, title: string): Promise<void> {
  return storeKept(keptName(id), title, async () => {
    const isHere = (await storing((db) => db.getKey('transcripts', id))) !== undefined;
    await (isHere ? updateTranscript(id, { title }) : renameRemoteTranscript(id, title));
  });
}

/** Gives a bookmark another label; an empty one takes the label away. @throws NOT_FOUND, STORE_QUOTA, STORE_FAILED */
export function setMarkLabel(id: string, markId: string, label: string): Promise<void> {
  return storeKept(keptName(id, markId), label, async () => {
    const record = await storing((db) => db.get('transcripts', id));
    if (!record) throw new AppError('NOT_FOUND', `No transcript ${id}.`);
    await updateTranscript(id, { marks: withLabel(record.marks ?? [], markId, label) });
  });
}

function withLabel(marks: readonly Mark[], id: string, label: string): Mark[] {
  const newLabel = label.replace(/\s+/g, ' ').trim();
  return marks.map((mark) => {
    const { label: _, ...bare } = mark;
    return mark.id !== id ? mark : newLabel === '' ? bare : { ...bare, label: newLabel };
  });
}

/** Stores the names that an earlier page did not get to store. What cannot be stored now stays kept; never rejects. */
export async function storeKeptNames(): Promise<void> {
  // an interrupted move brings more of them
  await storing(async () => undefined).catch(() => undefined); // each name reports it
  for (const name of keptNames(KEPT)) {
    const [id = '', markId] = name.slice(KEPT.length).split('/');
    const typed = keptValue(name);
    try {
      if (typeof typed !== 'string') dropValue(name);
      else if (markId === undefined) await setTitle(id, typed);
      else await setMarkLabel(id, markId, typed);
    } catch (error) {
      if (toAppError(error).code === 'NOT_FOUND') dropValue(name);
      else console.warn('A name that an earlier page kept was not stored', error);
    }
  }
}
