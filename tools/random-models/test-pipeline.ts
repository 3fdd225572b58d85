import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { env, LogLevel, pipeline } from '@huggingface/transformers';
import { readWavPcm } from '../../lib/engine/audio/wav-layout';
import type { ModelBytes } from './presets';

/** What a pipeline says of one recording. */
interface Heard {
  text: string;
  /** When times were asked for: of segments, or of words. */
  chunks?: { text: string; timestamp: [number | null, number | null] }[];
}

/** transformers.js' own pipeline for speech. */
export type Hear = (pcm: Float32Array, options?: Record<string, unknown>) => Promise<Heard>;

/** Two pieces of real speech, and a noise; 16 kHz. */
export async function recordings(): Promise<Float32Array[]> {
  const speech = await readWavPcm(new Blob([readFileSync('e2e/fixtures/audio/speech.wav')]));
  const siren = Float32Array.from(
    { length: 64_000 },
    (_, at) => 0.3 * Math.sin(at * 0.05 + 8 * Math.sin(at * 0.0007)),
  );
  return [speech.subarray(0, 80_000), speech.subarray(80_000, 180_000), siren];
}

/** Opens a model in transformers.js as its users do; nothing is fetched from anywhere. */
export async function openPipeline(files: ModelBytes, dtype: 'fp32' | 'q8'): Promise<Hear> {
  const folder = mkdtempSync(join(tmpdir(), 'random-model-'));
  try {
    for (const [path, bytes] of files) {
      const target = join(folder, 'model', path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    }
    Object.assign(env, {
      allowRemoteModels: false,
      localModelPath: folder,
      // it warns about every text whose language was not given
      logLevel: LogLevel.ERROR,
    });
    const open = await pipeline('automatic-speech-recognition', 'model', {
      dtype,
      device: 'cpu',
      // other tests run beside: threads that wait for each other take their time
      session_options: { intraOpNumThreads: 1 },
    });
    // one recording in, one result out: the typed result may also be a list
    return open as unknown as Hear;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
