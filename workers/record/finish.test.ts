import { describe, expect, it } from 'vitest';
import { opusSeconds } from './finish';

/** First bytes of a packet: configuration, number of frames by code, and counted. */
const packet = (config: number, code: number, counted?: number) =>
  Uint8Array.from(counted === undefined ? [config * 8 + code] : [config * 8 + code, counted]);

describe('opusSeconds', () => {
  it.each([
    [0, 0.01],
    [3, 0.06],
    [11, 0.06],
    [12, 0.01],
    [15, 0.02],
    [16, 0.0025],
    [19, 0.02],
    [31, 0.02],
  ])('knows the frames of configuration %i', (config, seconds) => {
    expect(opusSeconds(packet(config, 0))).toBe(seconds);
    expect(opusSeconds(packet(config, 1))).toBeCloseTo(2 * seconds, 9);
    expect(opusSeconds(packet(config, 2))).toBeCloseTo(2 * seconds, 9);
  });

  it('counts the frames of packets that say how many they have, whatever else that byte says', () => {
    expect(opusSeconds(packet(31, 3, 3))).toBeCloseTo(0.06, 9);
    expect(opusSeconds(packet(31, 3, 0b1100_0011))).toBeCloseTo(0.06, 9);
  });

  it('has no sound for nothing', () => {
    expect(opusSeconds(new Uint8Array())).toBe(0);
  });
});
