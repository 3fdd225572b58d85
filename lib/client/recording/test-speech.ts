import { FRAME_SAMPLES } from '@/lib/engine/vad/constants';
import type { LiveEngine } from './ports';

/** Length of each word that a test says, and of the pause in it, in samples. */
const WORD_SAMPLES = 8_000;
const GAP_SAMPLES = 800;

/** Shorter shreds of a word are not a word, in samples. */
const SHRED_SAMPLES = 800;

/** A word of which less than this share is in the audio is taken for another one. */
const HEARD_SHARE = 0.75;

/** A word's number is its amplitude in this unit. */
const UNIT = 1 / 1024;

/** Words 1, 2, 3 … said one after the other: half a second each. */
export function spoken(from: number, count: number): Float32Array {
  const pcm = new Float32Array(count * WORD_SAMPLES);
  for (let at = 0; at < count; at++)
    pcm.fill((from + at) * UNIT, at * WORD_SAMPLES, (at + 1) * WORD_SAMPLES - GAP_SAMPLES);
  return pcm;
}

/** Nothing is said. */
export const quiet = (seconds: number) => new Float32Array(seconds * 16_000);

/** A recogniser of `spoken`: it calls the words `w1`, `w2` …, and half a word `half`. */
export class TestEngine implements LiveEngine {
  readonly modelName = 'Test model';
  /** Samples given to each recognition. */
  readonly runs: number[] = [];
  running = 0;
  /** What recognitions wait for. */
  gate: Promise<void> = Promise.resolve();
  failure: Error | null = null;

  openVad = async () => ({
    push: async (pcm: Float32Array) => {
      const frames = pcm.length / FRAME_SAMPLES;
      const frame = (at: number) => pcm.subarray(at * FRAME_SAMPLES, (at + 1) * FRAME_SAMPLES);
      const power = Array.from({ length: frames }, (_, at) => powerOf(frame(at)));
      return {
        probabilities: Float32Array.from(power, (one) => (one > 0 ? 0.95 : 0.02)),
        levels: Float32Array.from(power),
      };
    },
    close: async () => undefined,
  });

  recognise = async (pcm: Float32Array) => {
    this.runs.push(pcm.length);
    this.running += 1;
    await this.gate;
    this.running -= 1;
    if (this.failure) throw this.failure;
    return wordsIn(pcm);
  };

  dispose(): void {
    this.gate = Promise.resolve();
  }
}

/** Every word is equally loud; pauses between them are not. */
function powerOf(frame: Float32Array): number {
  return frame.filter((sample) => sample > 0).length / frame.length;
}

function wordsIn(pcm: Float32Array) {
  const words: { text: string; startSample: number; endSample: number; confidence: number }[] = [];
  for (let at = 0; at < pcm.length; ) {
    const value = pcm[at] ?? 0;
    let end = at + 1;
    while (end < pcm.length && pcm[end] === value) end += 1;
    const isWhole = end - at >= HEARD_SHARE * (WORD_SAMPLES - GAP_SAMPLES);
    if (value > 0 && end - at >= SHRED_SAMPLES)
      words.push({
        text: isWhole ? `w${Math.round(value / UNIT)}` : 'half',
        startSample: at,
        endSample: end,
        confidence: 1,
      });
    at = end;
  }
  return words;
}
