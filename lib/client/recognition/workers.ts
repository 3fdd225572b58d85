import type { RecogniserMethods } from '@/lib/engine';
import { SAMPLE_RATE_HZ, SAMPLES_PER_MS, wavHeader } from '@/lib/engine/audio';
import type { Segmenter, Stages } from '@/lib/engine/pipeline';
import type { Client } from '@/lib/engine/rpc';
import type { LiveVad } from '@/lib/engine/vad';
import type { ModelRecogniser } from './recogniser';

/** A WAV file of a tenth of a second of silence, to start the decoder. */
function silence(): Blob {
  const samples = new Int16Array(SAMPLES_PER_MS * 100);
  const format = { rateHz: SAMPLE_RATE_HZ, channels: 1 };
  return new Blob([wavHeader(samples.byteLength, format), samples]);
}

/**
 * Starts the workers and loads the model, so that the first file does not wait for them. Never rejects:
 * the first job runs into the same failure and reports it.
 */
export async function warmUp(
  { segmenter, decoder }: Pick<Stages, 'segmenter' | 'decoder'>,
  recogniser: ModelRecogniser,
): Promise<void> {
  const steps = [
    recogniser.warmUp(),
    segmenter.open(null).then((session) => session.close()),
    decoder.open(silence(), { startSample: 0 }).then((session) => session.close()),
  ];
  for (const result of await Promise.allSettled(steps))
    if (result.status === 'rejected') warnOfWarmUp(result.reason);
}

export const warnOfWarmUp = (error: unknown) => console.warn('Warming up failed', error);

/** A worker that recognises. It starts with the first call. */
export type RecogniserClient = Client<RecogniserMethods>;

/** A segmenter in its own worker, for files and for live audio. */
export interface SegmenterClient extends Segmenter {
  openLiveVad(signal?: AbortSignal): Promise<LiveVad>;
  /** Ends the worker. */
  dispose(): void;
}

/** Creates the workers that recognition runs in; each call creates a new one. */
export interface RecognitionWorkers {
  wasm(): RecogniserClient;
  webgpu(): RecogniserClient;
  segmenter(): SegmenterClient;
}
