import { describe, expect, it } from 'vitest';
import { timedSpans } from './spans';

const TIME = 1000;
/** A time token for this many steps of 20 ms. */
const t = (steps: number) => TIME + steps;
/** 10 s. */
const SAMPLES = 160_000;

const spansOf = (tokens: number[]) =>
  timedSpans(tokens, TIME, SAMPLES).map(({ firstToken, lastToken, startSample, endSample }) => [
    firstToken,
    lastToken,
    startSample / 320,
    endSample / 320,
  ]);

describe('timedSpans', () => {
  it('takes text between its times', () => {
    expect(spansOf([t(0), 1, 2, t(50), t(60), 3, t(100)])).toEqual([
      [1, 2, 0, 50],
      [5, 5, 60, 100],
    ]);
  });

  it('lets text without an end reach to the end of the window', () => {
    expect(spansOf([t(10), 1, 2])).toEqual([[1, 2, 10, 500]]);
  });

  it('lets text without a start begin where the text before ended', () => {
    expect(spansOf([1, t(40), 2, t(90)])).toEqual([
      [0, 0, 0, 40],
      [2, 2, 40, 90],
    ]);
  });

  it('rejects an end that is not after the start', () => {
    expect(spansOf([t(50), 1, t(50)])).toEqual([[1, 1, 50, 500]]);
    expect(spansOf([t(50), 1, t(20)])).toEqual([[1, 1, 50, 500]]);
  });

  it('cuts off an end that lies after the audio', () => {
    expect(spansOf([t(400), 1, t(1500)])).toEqual([[1, 1, 400, 500]]);
  });

  it('leaves text that begins after the audio there', () => {
    expect(spansOf([t(600), 1, t(700)])).toEqual([[1, 1, 600, 700]]);
    expect(spansOf([t(600), 1])).toEqual([[1, 1, 600, 601]]);
  });

  it('finds nothing where there is no text', () => {
    expect(spansOf([])).toEqual([]);
    expect(spansOf([t(0), t(50)])).toEqual([]);
  });
});
