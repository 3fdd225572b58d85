import { describe, expect, it } from 'vitest';
import { speechWindows } from './windows';

const tone = (seconds: number) =>
  Float32Array.from({ length: seconds * 16_000 }, (_, at) => 0.1 * Math.sin(at / 8));
const silence = (seconds: number) => new Float32Array(seconds * 16_000);

describe('speechWindows', () => {
  it('puts segments into common windows of up to 30 s, apart from each other', () => {
    const windows = speechWindows([tone(10), tone(12), tone(9)]);
    expect(windows.map(({ window }) => window.segments)).toEqual([
      [
        { index: 0, startSample: 0, endSample: 160_000 },
        { index: 1, startSample: 168_000, endSample: 360_000 },
      ],
      [{ index: 2, startSample: 0, endSample: 144_000 }],
    ]);
    expect(windows.map(({ speechSamples }) => speechSamples)).toEqual([352_000, 144_000]);
  });

  it('puts no more together than is wanted', () => {
    const windows = speechWindows([tone(4), tone(5), tone(20)], { together: 10 });
    expect(windows.map(({ pcm }) => pcm.length)).toEqual([152_000, 320_000]);
  });

  it('leaves silent segments out, and numbers the others as the batch does', () => {
    const [only, ...others] = speechWindows([silence(5), tone(3), silence(4), tone(2)]);
    expect(others).toEqual([]);
    expect(only?.window.segments.map(({ index }) => index)).toEqual([1, 3]);
    expect(only?.pcm.length).toBe(88_000);
    expect(only?.pcm.subarray(56_000)).toEqual(tone(2));
  });

  it('has no window for silence', () => {
    expect(speechWindows([silence(30), new Float32Array(0)])).toEqual([]);
    expect(speechWindows([])).toEqual([]);
  });
});
