import { describe, expect, it } from 'vitest';
import { frameCounts, groupWindows, speechWindows, windowFrames } from './windows';

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

const SECOND = 16_000;

describe('windowFrames', () => {
  it('are those of 30 s for a model that knows nothing else', () => {
    for (const samples of [0, SECOND, 30 * SECOND]) expect(windowFrames(samples, 30)).toBe(3000);
    expect(frameCounts(30)).toEqual([3000]);
  });

  it('are those that there are, with some silence after, and no fewer than the model knows', () => {
    for (const seconds of [0, 0.5, 1.5]) expect(windowFrames(seconds * SECOND, 2)).toBe(216);
    for (let samples = 2 * SECOND; samples <= 29 * SECOND; samples += 7777) {
      const frames = windowFrames(samples, 2);
      expect(frames % 24).toBe(0);
      expect(frames * 160 - samples).toBeGreaterThanOrEqual(0.4 * SECOND);
      expect(frames * 160 - samples).toBeLessThan(0.7 * SECOND);
      expect(frameCounts(2)).toContain(frames);
    }
    expect(windowFrames(30 * SECOND, 2)).toBe(3000);
    expect(frameCounts(2).at(-1)).toBe(3000);
  });
});

describe('groupWindows', () => {
  it('puts as many windows of 30 s together as a run may have, in their order', () => {
    expect(groupWindows([3000, 3000, 3000, 3000, 3000], 2)).toEqual([[0, 1], [2, 3], [4]]);
    expect(groupWindows([], 2)).toEqual([]);
  });

  it('puts shorter windows of like length together, as many as hold as much', () => {
    expect(groupWindows([480, 2400, 500, 3000, 480], 2)).toEqual([
      [3, 1],
      [2, 0, 4],
    ]);
    const many = groupWindows(new Array<number>(50).fill(600), 4);
    expect(many.map((rows) => rows.length)).toEqual([8, 8, 8, 8, 8, 8, 2]);
    expect(many.flat().sort((a, b) => a - b)).toEqual([...new Array(50).keys()]);
  });

  it('puts windows of any length together where each keeps its own', () => {
    expect(groupWindows([480, 2400, 500, 3000, 480], 3, true)).toEqual([[3, 1, 2, 0, 4]]);
    expect(groupWindows([480, 2400, 500, 3000, 480], 2, true)).toEqual([
      [3, 1, 2],
      [0, 4],
    ]);
    const many = groupWindows(new Array<number>(9).fill(240), 4, true);
    expect(many.map((rows) => rows.length)).toEqual([8, 1]);
  });
});
