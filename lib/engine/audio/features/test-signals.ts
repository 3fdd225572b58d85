import { readFileSync } from 'node:fs';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';

const CLIP = await readWavPcm(new Blob([readFileSync('public/models/ai2text-en/known-clip.wav')]));

/** The self-test clip of the built-in model: 4.4 s of speech. */
export function speech(): Float32Array {
  return CLIP.slice();
}

/** The clip over and over. */
export function longSpeech(samples: number): Float32Array {
  const clip = speech();
  return Float32Array.from({ length: samples }, (_, at) => clip[at % clip.length] ?? 0);
}

/** Uniform in [-0.5, 0.5), the same as in `lib/engine/audio/features/fixtures/reference-mel.py`. */
export function noise(samples: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: samples }, () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** Zeros, and the very last sample 1. */
export function click(samples: number): Float32Array {
  const pcm = new Float32Array(samples);
  pcm[samples - 1] = 1;
  return pcm;
}

/** What features are compared with: numbers of `lib/engine/audio/features/fixtures/reference-mel.py`. */
export interface GoldenMel {
  frontEnd: 'whisper' | 'nemo';
  bands: 80 | 128;
  signal: 'speech' | 'noise' | 'click';
  frames: number;
  values: [band: number, frame: number, value: number][];
}

const GOLDEN = 'lib/engine/audio/features/fixtures/golden-mel.json';

/** Golden numbers of one front end, each with its signal. */
export function goldenMel(frontEnd: GoldenMel['frontEnd']): (GoldenMel & { pcm: Float32Array })[] {
  const cases = JSON.parse(readFileSync(GOLDEN, 'utf8')) as GoldenMel[];
  const signals = { speech: speech(), noise: noise(16_037), click: click(480_000) };
  return cases
    .filter((golden) => golden.frontEnd === frontEnd)
    .map((golden) => ({ ...golden, pcm: signals[golden.signal] }));
}

/** The greatest difference of two feature maps of one size. */
export function greatestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let greatest = 0;
  // not Math.max: it has no place for "not a number", which must not pass
  for (let at = 0; at < a.length; at++) {
    const difference = Math.abs((a[at] ?? 0) - (b[at] ?? 0));
    if (!(difference <= greatest)) greatest = difference;
  }
  return greatest;
}
