import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Split } from '@/lib/contracts';
import { chooseSplits, type SpokenRecording } from './splits';

const pair = (speaker: number, recording: number): SpokenRecording => ({
  speaker: `spk${speaker}`,
  recording: `rec${recording}`,
});

/** This many speakers, each in a recording of their own. */
const strangers = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => pair(from + at, from + at));

const manyPairs = fc.array(
  fc.tuple(fc.nat(12), fc.nat(12)).map(([speaker, recording]) => pair(speaker, recording)),
  { minLength: 1, maxLength: 30 },
);

describe('splits', () => {
  it('never have a speaker or a recording twice, however they are connected', () => {
    fc.assert(
      fc.property(manyPairs, manyPairs, (first, more) => {
        const before = chooseSplits(first, new Map());
        const after = chooseSplits([...first, ...more], before.splits);
        for (const { speaker, recording } of [...first, ...more])
          expect(after.splits.get(speaker)).toBe(after.splits.get(recording));
      }),
    );
  });

  it('are the same in whatever order clips were given', () => {
    fc.assert(
      fc.property(manyPairs, (pairs) => {
        const there = chooseSplits(pairs, new Map()).splits;
        const back = chooseSplits(pairs.toReversed(), new Map()).splits;
        expect(new Map([...back].sort())).toEqual(new Map([...there].sort()));
      }),
    );
  });

  it('stay as they were when others are added', () => {
    const before = chooseSplits(strangers(60), new Map());
    const after = chooseSplits(strangers(200), before.splits);
    expect(after.moved).toEqual([]);
    for (const [member, split] of before.splits) expect(after.splits.get(member)).toBe(split);
  });

  it('put about a tenth into the test and a tenth into development', () => {
    const { splits } = chooseSplits(strangers(2_000), new Map());
    const count = (wanted: Split) =>
      [...splits].filter(([member, split]) => member.startsWith('spk') && split === wanted).length;
    expect(count('test')).toBeGreaterThan(150);
    expect(count('test')).toBeLessThan(250);
    expect(count('dev')).toBeGreaterThan(150);
    expect(count('dev')).toBeLessThan(250);
  });

  it('move joined groups to where the most may be known, and name what moved', () => {
    const known = new Map<string, Split>([
      ['spk1', 'test'],
      ['rec1', 'test'],
      ['spk2', 'train'],
      ['rec2', 'train'],
    ]);
    const { splits, moved } = chooseSplits([pair(1, 1), pair(2, 2), pair(1, 2)], known);
    expect(new Set(splits.values())).toEqual(new Set(['train']));
    expect(moved.map(({ member, from, to }) => [member, from, to])).toEqual([
      ['rec1', 'test', 'train'],
      ['spk1', 'test', 'train'],
    ]);
  });

  it.each([
    [1, ['dev', 'test']],
    [2, ['dev']],
    [3, []],
    [4, []],
  ])('of %i groups leave %j empty', (count, empty) => {
    for (let from = 0; from < 200; from += 10)
      expect(chooseSplits(strangers(count, from), new Map()).empty).toEqual(empty);
  });

  it('fill an empty test with new groups alone', () => {
    const known = chooseSplits(strangers(1), new Map()).splits;
    const { splits, moved, empty } = chooseSplits(strangers(3), known);
    expect(moved).toEqual([]);
    expect(empty).toEqual([]);
    expect(splits.get('spk0')).toBe('train');
  });
});
