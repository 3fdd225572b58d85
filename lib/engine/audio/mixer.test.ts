import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MIX_HISTORY_SECONDS, Mixer } from './mixer';

const RATE_HZ = 16_000;

/** Twice the recording of the tests, 23 s. */
const speech = (() => {
  const file = readFileSync(new URL('../../../e2e/fixtures/audio/speech.wav', import.meta.url));
  const samples = Float32Array.from(
    new Int16Array(file.buffer.slice(file.byteOffset + 44, file.byteOffset + file.byteLength)),
    (value) => value / 32_768,
  );
  const twice = new Float32Array(2 * samples.length);
  twice.set(samples);
  twice.set(samples, samples.length);
  return twice;
})();
const { length } = speech;

/** Steady noise, another one for each seed. */
function noise(level: number, seed: number): Float32Array {
  let state = seed;
  return speech.map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (level * state) / 2 ** 31;
  });
}

/** Chords that are struck twice a second. */
const music = speech.map((_, i) => {
  const seconds = i / RATE_HZ;
  const beat = Math.floor(seconds * 2);
  const swell = 0.15 + 0.85 * Math.exp(-6 * (seconds % 0.5));
  const tone = (hz: number) => Math.sin(2 * Math.PI * hz * 2 ** ((beat % 7) / 12) * seconds);
  return 0.15 * swell * (tone(220) + tone(277) + tone(330));
});

const scaled = (samples: Float32Array, by: number) => samples.map((sample) => sample * by);
const silence = new Float32Array(length);

/** Mixes from a sample on, in pieces of the given lengths. */
function mix(planes: Float32Array[], from = 0, pieces = [24_576]): Float32Array {
  const mixer = new Mixer();
  const out = new Float32Array(length);
  const drain = () => {
    for (let block = mixer.take(); block; block = mixer.take()) out.set(block.mono, block.position);
  };
  let turn = 0;
  for (let at = from; at < length; ) {
    const to = Math.min(length, at + (pieces[turn++ % pieces.length] ?? 1));
    mixer.add({
      position: at,
      rateHz: RATE_HZ,
      planes: planes.map((plane) => plane.subarray(at, to)),
    });
    drain();
    at = to;
  }
  mixer.finish();
  drain();
  return out;
}

/** Where two signals first differ, to the last bit; -1 when they are the same. */
function difference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  return a.findIndex((sample, i) => sample !== b[i]);
}

function correlation(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((x, i) => {
    const y = b[i] ?? 0;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  });
  return ab / Math.sqrt(aa * bb || 1);
}

describe('what needs no care', () => {
  it('leaves mono as it is, to the last bit', () => {
    expect(difference(mix([speech]), speech)).toBe(-1);
  });

  it('takes the mean of ordinary stereo, to the last bit', () => {
    const left = speech.map((sample, i) => sample + 0.001 * (i % 3));
    const right = scaled(speech, 0.6);
    const mean = left.map((sample, i) => Math.fround(sample * 0.5) + (right[i] ?? 0) * 0.5);
    expect(difference(mix([left, right]), mean)).toBe(-1);
  });

  it('takes the mean of stereo that is noisy on both sides', () => {
    const background = noise(0.05, 2);
    const both = speech.map((sample, i) => sample + (background[i] ?? 0));
    expect(difference(mix([both, both]), both)).toBe(-1);
  });

  it('keeps both of two people who have a channel each', () => {
    const half = Math.floor(length / 2);
    const left = speech.map((sample, i) => (i < half ? sample : 0));
    const right = speech.map((sample, i) => (i < half ? 0 : sample));
    expect(difference(mix([left, right]), scaled(speech, 0.5))).toBe(-1);
  });
});

describe('channels that cancel each other', () => {
  it('turns the opposite phase of the whole recording', () => {
    expect(difference(mix([speech, scaled(speech, -1)]), speech)).toBe(-1);
  });

  it('turns it also where it is not as loud', () => {
    expect(correlation(mix([speech, scaled(speech, -0.5)]), speech)).toBeCloseTo(1, 6);
  });

  it('follows a phase that changes on the way', () => {
    const half = Math.floor(length / 2);
    const right = speech.map((sample, i) => (i < half ? sample : -sample));
    const mixed = mix([speech, right]);
    expect(correlation(mixed, speech)).toBeGreaterThan(0.99);
    const later = half + RATE_HZ;
    expect(difference(mixed.subarray(later), speech.subarray(later))).toBe(-1);
  });
});

describe('channels that bury speech', () => {
  it.each([0.05, 0.3, 0.9])('leaves out steady noise of level %d on the other side', (level) => {
    expect(correlation(mix([noise(level, 3), speech]), speech)).toBeGreaterThan(0.999);
  });

  it('turns music on the other side down, without taking it out', () => {
    const mixed = mix([speech, music]);
    const before = speech.map((sample, i) => sample + (music[i] ?? 0));
    expect(correlation(before, speech)).toBeLessThan(0.9);
    expect(correlation(mixed, speech)).toBeGreaterThan(0.98);
    expect(correlation(mixed, music)).toBeGreaterThan(0.01);
  });

  it.each([
    ['3.0', 3, 2],
    ['quad', 4, 1],
    ['5.1', 6, 2],
    ['7.1', 8, 2],
    ['5.1 with speech behind', 6, 4],
  ])('takes the one channel with speech out of %s full of noise', (_, channels, spoken) => {
    const planes = Array.from({ length: channels }, (_, channel) =>
      channel === spoken ? speech : noise(0.3, 10 + channel),
    );
    expect(difference(mix(planes), speech)).toBe(-1);
  });

  it('keeps audio that is on the LFE channel alone', () => {
    const planes = Array.from({ length: 6 }, (_, channel) => (channel === 3 ? speech : silence));
    expect(difference(mix(planes), speech)).toBe(-1);
  });
});

describe('levels', () => {
  it.each([-60, -80])('raises speech of %d dB by a power of two', (levelDb) => {
    const quiet = scaled(speech, 10 ** (levelDb / 20));
    const mixed = mix([quiet]);
    const at = mixed.findIndex((sample) => sample !== 0);
    const gain = (mixed[at] ?? 0) / (quiet[at] ?? 1);
    expect(gain).toBe(2 ** Math.round(Math.log2(gain)));
    expect(mixed.some((sample) => sample > 0.05)).toBe(true);
    expect(correlation(mixed, speech)).toBeGreaterThan(0.95);
  });

  it('leaves steady noise as quiet as it is, and speech that is loud enough', () => {
    const quiet = noise(0.0005, 4);
    expect(difference(mix([quiet]), quiet)).toBe(-1);
    const low = scaled(speech, 0.02);
    expect(difference(mix([low]), low)).toBe(-1);
  });

  it('reports the loudest sample of any channel', () => {
    const mixer = new Mixer();
    const [left, right] = [new Float32Array(RATE_HZ), new Float32Array(RATE_HZ)];
    left[100] = 0.25;
    right[9000] = -0.5;
    mixer.add({ position: 0, rateHz: RATE_HZ, planes: [left, right] });
    mixer.finish();
    expect(mixer.loudest).toBe(0.5);
  });
});

describe('the mix at a position', () => {
  const half = Math.floor(length / 2);
  /** In turn opposite, beside noise, and too quiet. */
  const left = speech.map((sample, i) => (i < half ? sample : sample * 1e-3));
  const right = speech.map((sample, i) => {
    if (i < half / 2) return -sample;
    return i < half ? 0.3 * Math.sin(i * i) : sample * 1e-3;
  });
  const whole = mix([left, right]);

  it('does not depend on how the audio is divided', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1 }), (pieces) => {
        expect(difference(mix([left, right], 0, [...pieces, 9_999]), whole)).toBe(-1);
      }),
      { numRuns: 6 },
    );
  });

  it('does not depend on where the run begins', () => {
    const history = MIX_HISTORY_SECONDS * RATE_HZ;
    fc.assert(
      fc.property(fc.integer({ min: history, max: length - 1 }), (place) => {
        const late = mix([left, right], place - history);
        expect(difference(late.subarray(place), whole.subarray(place))).toBe(-1);
      }),
      { numRuns: 10 },
    );
  });

  it('stays where it was beside a hole, and keeps what came first of an overlap', () => {
    const mixer = new Mixer();
    const add = (position: number, from: number, to: number) =>
      mixer.add({ position, rateHz: RATE_HZ, planes: [speech.subarray(from, to)] });
    add(5, 0, 30_000);
    add(40_000, 40_000, 50_000);
    add(45_000, 0, 10_000);
    mixer.finish();
    const placed: [number, number][] = [];
    for (let block = mixer.take(); block; block = mixer.take()) {
      const last = placed.at(-1);
      if (last?.[1] === block.position) last[1] += block.mono.length;
      else placed.push([block.position, block.position + block.mono.length]);
    }
    expect(placed).toEqual([
      [5, 30_005],
      [40_000, 55_000],
    ]);
  });

  it('starts again where rate or channels change', () => {
    const mixer = new Mixer();
    mixer.add({ position: 0, rateHz: 16_000, planes: [speech.subarray(0, 100)] });
    mixer.add({ position: 300, rateHz: 48_000, planes: [speech.subarray(0, 60)] });
    const stereo = [speech.subarray(0, 60), speech.subarray(0, 60)];
    mixer.add({ position: 360, rateHz: 48_000, planes: stereo });
    mixer.finish();
    const blocks = [mixer.take(), mixer.take(), mixer.take(), mixer.take()];
    expect(blocks.map((block) => block && [block.position, block.rateHz])).toEqual([
      [0, 16_000],
      [300, 48_000],
      [360, 48_000],
      null,
    ]);
  });
});
