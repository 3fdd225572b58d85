import { attempt, showToast } from '@/app/_features/ui';
import { getTranscript, type Mark, setMarkLabel, updateTranscript } from '@/lib/client/store';
import { formatClock, newId } from '@/lib/core';
import { t } from './messages';

/** What a bookmark is called: its label, or its number. @param at its place among all, from 0 */
export function bookmarkName({ label, atMs }: Mark, at: number): string {
  return label ?? t('bookmarkAt', { number: at + 1, time: formatClock(atMs) });
}

/** The bookmarks with another one, in order of time; one that is there already is replaced. */
export function withBookmark(marks: readonly Mark[], mark: Mark): Mark[] {
  return [...withoutBookmark(marks, mark.id), mark].sort((a, b) => a.atMs - b.atMs);
}

/** The bookmarks without one. */
export function withoutBookmark(marks: readonly Mark[], id: string): Mark[] {
  return marks.filter((mark) => mark.id !== id);
}

/** Stores what becomes of the bookmarks of a transcript. @returns whether it worked */
function change(id: string, next: (marks: readonly Mark[]) => Mark[]): Promise<boolean> {
  return attempt(async () => {
    const record = await getTranscript(id);
    await updateTranscript(id, { marks: next(record?.marks ?? []) });
  });
}

/** Sets a bookmark; the message offers to take it back. */
export async function setBookmark(transcriptId: string, atMs: number): Promise<void> {
  const mark: Mark = { id: newId(), atMs: Math.round(atMs) };
  if (!(await change(transcriptId, (marks) => withBookmark(marks, mark)))) return;
  showToast({
    text: t('bookmarkSet', { time: formatClock(mark.atMs) }),
    action: {
      label: t('undo'),
      run: async () => {
        await change(transcriptId, (marks) => withoutBookmark(marks, mark.id));
      },
    },
  });
}

/** Gives a bookmark another name. @returns whether it worked */
export async function renameBookmark(
  transcriptId: string,
  { id, label = '' }: Mark,
  newLabel: string,
): Promise<boolean> {
  return newLabel.trim() === label || attempt(() => setMarkLabel(transcriptId, id, newLabel));
}

/** Deletes a bookmark; the message offers to take that back. */
export async function deleteBookmark(transcriptId: string, mark: Mark): Promise<void> {
  if (!(await change(transcriptId, (marks) => withoutBookmark(marks, mark.id)))) return;
  showToast({
    text: t('bookmarkDeleted', { time: formatClock(mark.atMs) }),
    action: {
      label: t('undo'),
      run: async () => {
        await change(transcriptId, (marks) => withBookmark(marks, mark));
      },
    },
  });
}
