import { type PlayableWriter, widened } from '@/lib/client/playback';
import {
  getJob,
  getMedia,
  getPeaks,
  getTranscript,
  hasQuotaFor,
  mediaFile,
  type PeaksRecord,
  soundOf,
} from '@/lib/client/store';
import { AppError } from '@/lib/core';
import { PEAKS_PER_SECOND } from '@/lib/engine/audio';
import type { SourceInfo, TimeSpan } from '@/lib/transcript';

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

interface Callbacks {
  signal?: AbortSignal;
  /** How much of the recording is written, 0 to 1. */
  onProgress?: (share: number) => void;
}

/** A recording that is in its place. */
interface WrittenSound {
  source: SourceInfo;
  peaks: Pick<PeaksRecord, 'firstPeak' | 'peaks'>[];
}

/** Upper estimate, in bytes a second: uncompressed, as browsers without an encoder write it. */
const BYTES_PER_SECOND = 32_000;

const EXTENSIONS: Record<string, string> = { 'audio/mp4': '.m4a', 'audio/wav': '.wav' };

/**
 * Writes a recording in which some spans are covered: its sound alone, encoded again, without the
 * picture and without what the file says of itself.
 * @throws SOURCE_GONE, those of decoding, STORE_QUOTA, STORE_FAILED, ABORTED
 */
export async function writeSound(
  { originalId, id, name, spans, with: filling }: SoundOrder,
  writer: PlayableWriter,
  { signal, onProgress }: Callbacks,
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
export function withoutPeaks(
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
