import { type PlayableWriter, widened } from '@/lib/client/playback';
import {
  getJob,
  getMedia,
  getPeaks,
  getSetting,
  getTranscript,
  hasQuotaFor,
  importTranscript,
  mediaFile,
  type PeaksRecord,
  readTranscript,
  removeMedia,
  soundOf,
  writtenForms,
} from '@/lib/client/store';
import { AppError, isAbort, newId, once, throwIfAborted, toAppError } from '@/lib/core';
import { PEAKS_PER_SECOND } from '@/lib/engine/audio';
import {
  findRedactions,
  type Redaction,
  type RedactionGroup,
  redact,
  type SourceInfo,
  type TimeSpan,
  type Transcript,
} from '@/lib/transcript';

/** A transcript as it was when it was searched, and what may have to be redacted. */
export interface RedactionDraft {
  transcript: Transcript;
  groups: RedactionGroup[];
  /** Its recording is kept, so that the copy can have one. */
  hasSound: boolean;
}

/** How a copy is made. */
export interface CopyOptions {
  redactions: readonly Redaction[];
  title: string;
  /** What replaces the sound of redacted words; `none`: the copy has no recording. */
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
   * Stores a copy, without its recording if that cannot be written. Nothing is left behind if it is aborted.
   * @throws ABORTED, STORE_QUOTA, STORE_FAILED
   */
  copy(draft: RedactionDraft, options: CopyOptions, callbacks?: Callbacks): Promise<RedactedCopy>;
}

/** Replaces the name of the source file. */
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

/** What a recording is made of. */
interface SoundOrder {
  /** The transcript whose recording is copied. */
  originalId: string;
  /** The transcript that gets it. */
  id: string;
  name: string;
  spans: readonly TimeSpan[];
  with: 'tone' | 'silence';
}

interface WriteCallbacks {
  signal?: AbortSignal;
  /** How much of the recording is written, 0 to 1. */
  onProgress?: (share: number) => void;
}

/** A recording that has been written. */
interface WrittenSound {
  source: SourceInfo;
  peaks: Pick<PeaksRecord, 'firstPeak' | 'peaks'>[];
}

/** Upper estimate, in bytes a second: uncompressed, as browsers without an encoder write it. */
const BYTES_PER_SECOND = 32_000;

const EXTENSIONS: Record<string, string> = { 'audio/mp4': '.m4a', 'audio/wav': '.wav' };

/**
 * Writes a recording in which some spans are covered: only its sound, encoded again, without video and
 * without the file's metadata.
 * @throws SOURCE_GONE, those of decoding, STORE_QUOTA, STORE_FAILED, ABORTED
 */
async function writeSound(
  { originalId, id, name, spans, with: filling }: SoundOrder,
  writer: PlayableWriter,
  { signal, onProgress }: WriteCallbacks,
): Promise<WrittenSound> {
  const [record, job, source, peaks] = await Promise.all([
    getTranscript(originalId),
    getJob(originalId),
    getMedia(originalId),
    getPeaks(originalId),
  ]);
  if (!record || !source)
    throw new AppError('SOURCE_GONE', `The recording of ${originalId} is not kept here.`);
  const { durationMs } = record;
  const bytes = (durationMs / 1000) * BYTES_PER_SECOND;
  if (!(await hasQuotaFor(bytes)))
    throw new AppError('STORE_QUOTA', `No room for a recording of ${bytes} bytes.`);
  const { mediaType, sizeBytes } = await writer.write(
    {
      source,
      file: await mediaFile(id),
      track: soundOf(record),
      from: 'sound',
      withVideo: false,
      decoder: job?.decoder === 'ffmpeg' ? 'ffmpeg' : 'auto',
      cover: { spans, with: filling },
    },
    {
      ...(signal && { signal }),
      onProgress: (doneMs) => onProgress?.(durationMs > 0 ? Math.min(1, doneMs / durationMs) : 0),
    },
  );
  return {
    source: { name: name + (EXTENSIONS[mediaType] ?? ''), mediaType, sizeBytes, sha256: null },
    peaks: withoutPeaks(peaks, spans),
  };
}

/** The pieces of a waveform, flat where something is covered. */
function withoutPeaks(
  pieces: readonly PeaksRecord[],
  spans: readonly TimeSpan[],
): WrittenSound['peaks'] {
  const peakAt = (ms: number) => (ms / 1000) * PEAKS_PER_SECOND;
  return pieces.map(({ firstPeak, peaks }) => {
    const flat = peaks.slice();
    for (const { startMs, endMs } of widened(spans)) {
      const from = Math.floor(peakAt(startMs)) - firstPeak;
      const to = Math.ceil(peakAt(endMs)) - firstPeak;
      if (to > 0) flat.fill(0, Math.max(0, from), to);
    }
    return { firstPeak, peaks: flat };
  });
}
