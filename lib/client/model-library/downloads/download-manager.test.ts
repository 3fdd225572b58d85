import { describe, expect, it } from 'vitest';
import { Throughput } from './download-manager';
import { rangeStart, wholeLength } from './transfer';

describe('Pace', () => {
  it('says nothing before there is something to go by', () => {
    const throughput = new Throughput();
    expect(throughput.secondsFor(100)).toBeNull();
    throughput.note(0, 0);
    throughput.note(500, 500);
    expect(throughput.secondsFor(100)).toBeNull();
  });

  it('estimates the time left of a steady connection', () => {
    const throughput = new Throughput();
    for (let ms = 0; ms <= 5_000; ms += 100) throughput.note(ms * 50, ms);
    expect(throughput.secondsFor(1_000_000)).toBeCloseTo(20, 5);
  });

  it('does not jump for a short break, and follows a change that lasts', () => {
    const throughput = new Throughput();
    for (let ms = 0; ms <= 20_000; ms += 100) throughput.note(ms * 50, ms);
    throughput.note(1_000_000, 20_500);
    expect(throughput.secondsFor(1_000_000)).toBeLessThan(23);
    for (let ms = 20_600; ms <= 60_000; ms += 100)
      throughput.note(1_000_000 + (ms - 20_500) * 5, ms);
    expect(throughput.secondsFor(1_000_000)).toBeGreaterThan(180);
  });

  it('says nothing when nothing comes', () => {
    const throughput = new Throughput();
    for (let ms = 0; ms <= 3_000; ms += 100) throughput.note(0, ms);
    expect(throughput.secondsFor(1)).toBeNull();
  });
});

describe('rangeStart', () => {
  it.each([
    [{ 'content-range': 'bytes 5-9/10' }, 10, 5],
    [{ 'content-range': 'bytes 5-9/*' }, 10, 5],
    [{ 'content-range': 'bytes 5-9/11' }, 10, null],
    [{ 'content-range': 'bytes 9-5/10' }, 10, null],
    [{ 'content-range': 'lines 5-9/10' }, 10, null],
    [{ 'content-length': '5' }, 10, 5],
    [{ 'content-length': '5' }, null, null],
    [{}, 10, null],
  ])('of %j with %j bytes in all is %j', (headers, bytes, start) => {
    expect(rangeStart(new Headers(headers as Record<string, string>), bytes)).toBe(start);
  });
});

describe('wholeLength', () => {
  it('reads the length that a 416 states', () => {
    expect(wholeLength(new Headers({ 'content-range': 'bytes */10' }))).toBe(10);
    expect(wholeLength(new Headers())).toBeNull();
  });
});
