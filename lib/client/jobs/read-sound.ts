import type { PeaksRecord } from '@/lib/client/store';
import { type DecodeNotice, type MediaInfo, SAMPLES_PER_MS } from '@/lib/engine/audio';
import type { Decoder } from '@/lib/engine/pipeline';

/** What is known of a recording once all of it has been decoded. */
export interface ReadSound {
  info: MediaInfo;
  durationMs: number;
  notices: DecodeNotice[];
  /** Its waveform. */
  peaks: Pick<PeaksRecord, 'firstPeak' | 'peaks'>[];
}

interface Options {
  signal?: AbortSignal | undefined;
  /** How much of it is read, 0 to 1; not called where its length is unknown. */
  onProgress?: ((share: number) => void) | undefined;
  /** Gets all of the sound, in order; the next is read when it is done. */
  onSound?: ((chunk: { startSample: number; pcm: Float32Array }) => Promise<void>) | undefined;
}

/**
 * Decodes a whole recording for its length and its waveform.
 * @throws those of decoding, ABORTED
 */
export async function readSound(
  decoder: Decoder,
  file: Blob,
  { signal, onProgress, onSound }: Options = {},
): Promise<ReadSound> {
  const session = await decoder.open(file, { startSample: 0, ...(signal && { signal }) });
  try {
    const expectedMs = session.info.durationMs ?? 0;
    const peaks: ReadSound['peaks'] = [];
    let samples = 0;
    for (;;) {
      const chunk = await session.read(signal);
      if (!chunk) break;
      samples = chunk.startSample + chunk.pcm.length;
      const { firstPeak, values } = chunk.peaks;
      if (values.length > 0) peaks.push({ firstPeak, peaks: values });
      await onSound?.(chunk);
      if (expectedMs > 0) onProgress?.(Math.min(1, samples / SAMPLES_PER_MS / expectedMs));
    }
    const durationMs = Math.round(samples / SAMPLES_PER_MS);
    return { info: session.info, durationMs, notices: [...session.notices], peaks };
  } finally {
    await session.close();
  }
}
