import { describe, expect, it } from 'vitest';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio/constants';
import { TrackPowers } from './track-powers';

const SECONDS = 12;

/** Noise that swells and fades as syllables do, different for each seed. */
function voice(seed: number): Float32Array<ArrayBuffer> {
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const pcm = new Float32Array(SECONDS * SAMPLE_RATE_HZ);
  for (let at = 0; at < pcm.length; ) {
    const length = Math.round((0.08 + random() * 0.2) * SAMPLE_RATE_HZ);
    const level = random() < 0.25 ? 0.002 : 0.1 + random() * 0.5;
    for (let i = 0; i < length && at < pcm.length; i += 1, at += 1)
      pcm[at] = level * Math.sin((Math.PI * i) / length) * (random() * 2 - 1);
  }
  return pcm;
}

/** What a microphone picks up of it: later, quieter, with the sound of the room. */
function bleed(original: Float32Array, gain: number, delayMs: number): Float32Array<ArrayBuffer> {
  const pcm = new Float32Array(original.length);
  for (const [extraMs, share] of [
    [0, 1],
    [23, 0.4],
    [61, 0.25],
    [110, 0.1],
  ] as const) {
    const delay = Math.round(((delayMs + extraMs) * SAMPLE_RATE_HZ) / 1000);
    for (let at = delay; at < pcm.length; at += 1)
      pcm[at] = (pcm[at] ?? 0) + gain * share * (original[at - delay] ?? 0);
  }
  return pcm;
}

/** How much of 2 s to 10 s of the first track is taken for a copy of the second, 0 to 1. */
function copied(own: Float32Array<ArrayBuffer>, other: Float32Array<ArrayBuffer>): number {
  const powers = new TrackPowers(2, 0);
  // cut up in different ways, as two decoders give them
  for (let at = 0; at < own.length; at += 7_000) powers.push(0, { pcm: own.slice(at, at + 7_000) });
  powers.push(1, { pcm: other });
  const [from, to] = [2 * SAMPLE_RATE_HZ, 10 * SAMPLE_RATE_HZ];
  const copies = powers.copiesIn(0, { startSample: from, endSample: to });
  return copies.reduce((sum, one) => sum + one.endSample - one.startSample, 0) / (to - from);
}

describe('a track', () => {
  const far = voice(1);
  it.each([
    [0.5, 0],
    [0.2, 60],
    [0.1, 250],
  ])('is a copy of another one that it has %f times as loud, %i ms later', (gain, delayMs) => {
    expect(copied(bleed(far, gain, delayMs), far)).toBe(1);
  });

  it('is not a copy where its own speaker speaks, however quietly, at the same time', () => {
    const near = voice(2).map((sample) => sample * 0.3);
    const heard = bleed(far, 0.05, 60).map((sample, at) => sample + (near[at] ?? 0));
    expect(copied(near, far)).toBe(0);
    expect(copied(heard, far)).toBe(0);
  });

  it('is never a copy of what is quieter', () => {
    expect(copied(far, bleed(far, 0.2, 60))).toBe(0);
  });

  it('is a copy only while its own speaker is silent', () => {
    const near = voice(3);
    const half = (near.length * 7) / 12;
    const mixed = bleed(far, 0.15, 40).map((sample, at) =>
      at < half ? sample : sample + (near[at] ?? 0),
    );
    expect(copied(mixed, far)).toBeGreaterThan(0.4);
    expect(copied(mixed, far)).toBeLessThan(0.7);
  });
});
