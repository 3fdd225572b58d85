import { type ErrorCode, isAbort, throwIfAborted, toAppError } from '@/lib/core';
import { type MediaInfo, SAMPLE_RATE_HZ, statedWavSeconds } from '@/lib/engine/audio';
import type { Decoder } from '@/lib/engine/pipeline';

/** Why a file is not taken; `cut-off`: its container promises more than there is. */
export type NotWhole = ErrorCode | 'cut-off';

/** Containers that state their length to the sample. */
const EXACT = ['audio/wav', 'audio/flac', 'audio/aiff'];
/** Rounding of a length in milliseconds, and of resampling. */
const EXACT_WITHIN_MS = 50;

/**
 * Decodes a file to its end, as a job will: what breaks off early is not whole.
 * @returns why it cannot be taken now; `null`: it is whole
 * @throws ABORTED
 */
export async function whyNotWhole(
  file: Blob,
  createDecoder: () => Decoder & { dispose(): void },
  signal: AbortSignal,
): Promise<NotWhole | null> {
  const decoder = createDecoder();
  try {
    const session = await decoder.open(file, { startSample: 0, signal });
    let samples = 0;
    for (;;) {
      throwIfAborted(signal);
      const chunk = await session.read(signal);
      if (!chunk) break;
      samples = chunk.startSample + chunk.pcm.length;
    }
    if (session.notices.some(({ kind }) => kind === 'cut-off')) return 'cut-off';
    const statedMs = await exactLengthMs(file, session.info);
    const decodedMs = (samples / SAMPLE_RATE_HZ) * 1000;
    return statedMs !== null && decodedMs < statedMs - EXACT_WITHIN_MS ? 'cut-off' : null;
  } catch (error) {
    if (isAbort(error)) throw error;
    const { code } = toAppError(error, 'DECODE_FAILED');
    return code === 'DECODE_INCOMPLETE' ? 'cut-off' : code;
  } finally {
    decoder.dispose();
  }
}

/** The length that a container states, where it does so exactly; else `null`. */
async function exactLengthMs(
  file: Blob,
  { mediaType, durationMs }: Pick<MediaInfo, 'mediaType' | 'durationMs'>,
): Promise<number | null> {
  if (!EXACT.includes(mediaType)) return null;
  if (mediaType !== 'audio/wav') return durationMs;
  // decoders give the length of what is there
  const seconds = await statedWavSeconds(file);
  return seconds === null ? null : seconds * 1000;
}
