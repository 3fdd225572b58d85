import type { PlayableWriter } from '@/lib/client/playback';
import {
  getMedia,
  getSetting,
  importTranscript,
  readTranscript,
  removeMedia,
  writtenForms,
} from '@/lib/client/store';
import { type AppError, isAbort, newId, once, throwIfAborted, toAppError } from '@/lib/core';
import {
  findRedactions,
  type Redaction,
  type RedactionGroup,
  redact,
  type Transcript,
} from '@/lib/transcript';
import { writeSound } from './write-sound';

/** A transcript as it was when it was looked through, and what may have to be taken out. */
export interface RedactionDraft {
  transcript: Transcript;
  groups: RedactionGroup[];
  /** Its recording is kept, so that the copy can have one. */
  hasSound: boolean;
}

/** What a copy is made with. */
export interface CopyOptions {
  redactions: readonly Redaction[];
  title: string;
  /** The sound where words were taken out; `none`: the copy has no recording. */
  sound: 'tone' | 'silence' | 'none';
}

/** A copy that was stored. */
export interface RedactedCopy {
  id: string;
  /** Why it has no recording although one was wanted; else `null`. */
  soundProblem: AppError | null;
}

interface Callbacks {
  signal?: AbortSignal;
  /** How much of the recording is written, 0 to 1. */
  onProgress?: (share: number) => void;
}

/** Makes copies without names and numbers. The original is only read. */
export interface Redactor {
  /** @throws NOT_FOUND, STORE_FAILED */
  open(id: string): Promise<RedactionDraft>;
  /**
   * Stores a copy; one whose recording cannot be written has none. Cancelled, it leaves nothing.
   * @throws ABORTED, STORE_QUOTA, STORE_FAILED
   */
  copy(draft: RedactionDraft, options: CopyOptions, callbacks?: Callbacks): Promise<RedactedCopy>;
}

/** What is said of the file in the place of its name. */
const SOURCE_NAME = 'redacted';

/** @param createWriter makes the worker that writes recordings; called with the first one */
export function createRedactor(createWriter: () => PlayableWriter): Redactor {
  const writer = once(createWriter);
  return {
    async open(id) {
      const [transcript, media, vocabulary] = await Promise.all([
        readTranscript(id),
        getMedia(id),
        getSetting('vocabulary'),
      ]);
      return {
        transcript,
        groups: findRedactions(transcript, writtenForms(vocabulary)),
        hasSound: media !== null,
      };
    },
    async copy({ transcript: original }, { redactions, title, sound }, callbacks = {}) {
      const id = newId();
      const { transcript, spans } = redact(original, redactions, {
        id,
        title,
        createdAt: new Date().toISOString(),
        sourceName: SOURCE_NAME,
      });
      const order =
        sound === 'none'
          ? null
          : { originalId: original.id, id, name: SOURCE_NAME, spans, with: sound };
      try {
        const { written, problem } = order
          ? await tryWriting(order, writer(), callbacks)
          : { written: null, problem: null };
        throwIfAborted(callbacks.signal);
        if (written)
          await importTranscript({ ...transcript, source: written.source }, written.peaks);
        else await importTranscript(transcript);
        return { id, soundProblem: problem };
      } catch (error) {
        await removeMedia(id);
        throw error;
      }
    },
  };
}

async function tryWriting(...[order, writer, callbacks]: Parameters<typeof writeSound>) {
  try {
    return { written: await writeSound(order, writer, callbacks), problem: null };
  } catch (error) {
    if (isAbort(error)) throw error;
    console.warn('The copy has no recording', error);
    await removeMedia(order.id);
    return { written: null, problem: toAppError(error) };
  }
}
