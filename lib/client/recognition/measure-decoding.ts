import { type MediaInfo, SAMPLES_PER_MS } from '@/lib/engine/audio';
import type { Decoder } from '@/lib/engine/pipeline';

/** How fast a file was decoded. */
export interface DecodeMeasurement {
  /** Length of the audio that came out, in ms. */
  audioMs: number;
  /** Wall time it took, in ms. */
  elapsedMs: number;
  decoder: MediaInfo['decoder'];
}

/**
 * Decodes a whole file and discards the audio.
 * @param decoder is disposed of afterwards
 * @param onProgress called with the length decoded so far, in ms of audio
 */
export async function measureDecoding(
  decoder: Decoder & { dispose(): void },
  file: File,
  onProgress: (audioMs: number) => void,
): Promise<DecodeMeasurement> {
  try {
    const startedMs = performance.now();
    const session = await decoder.open(file, { startSample: 0 });
    let samples = 0;
    for (;;) {
      const chunk = await session.read();
      if (!chunk) break;
      samples += chunk.pcm.length;
      onProgress(samples / SAMPLES_PER_MS);
    }
    const elapsedMs = performance.now() - startedMs;
    return { audioMs: samples / SAMPLES_PER_MS, elapsedMs, decoder: session.info.decoder };
  } finally {
    decoder.dispose();
  }
}
