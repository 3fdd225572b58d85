import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignSpeakers } from './assign-speakers';

const turn = (speaker: number, startMs: number, endMs: number) => ({ speaker, startMs, endMs });
const words = (...times: [startMs: number, endMs: number][]) =>
  times.map(([startMs, endMs]) => ({ startMs, endMs }));

const spans = fc.array(fc.tuple(fc.nat(5000), fc.integer({ min: 1, max: 800 })), { maxLength: 12 });

describe('assignSpeakers', () => {
  it('covers exactly the words of every segment, in order, with changes between runs', () => {
    fc.assert(
      fc.property(
        fc.array(spans, { maxLength: 5 }),
        fc.array(fc.tuple(fc.nat(3), fc.nat(5000), fc.nat(1500)), { maxLength: 10 }),
        (segments, turns) => {
          const timed = segments.map((segment) =>
            segment.map(([startMs, length]) => ({ startMs, endMs: startMs + length })),
          );
          const runs = assignSpeakers(
            timed,
            turns.map(([speaker, start, length]) => turn(speaker, start, start + length)),
          );
          expect(runs.length).toBe(segments.length);
          for (const [at, own] of runs.entries()) {
            let next = 0;
            for (const { from, to } of own) {
              expect(from).toBe(next);
              expect(to).toBeGreaterThan(from);
              next = to;
            }
            expect(next).toBe(segments[at]?.length);
            const speakers = own.map(({ speaker }) => speaker);
            expect(speakers.some((speaker, run) => run > 0 && speaker === speakers[run - 1])).toBe(
              false,
            );
          }
        },
      ),
    );
  });

  it('names the same speakers under any numbers', () => {
    fc.assert(
      fc.property(
        spans,
        fc.array(fc.tuple(fc.nat(2), fc.nat(5000), fc.nat(1500))),
        (said, turns) => {
          const timed = [said.map(([startMs, length]) => ({ startMs, endMs: startMs + length }))];
          const numbered = (numbers: readonly number[]) =>
            turns.map(([speaker, start, length]) =>
              turn(numbers[speaker] ?? 0, start, start + length),
            );
          const plain = assignSpeakers(timed, numbered([0, 1, 2]));
          const turned = assignSpeakers(timed, numbered([2, 0, 1]));
          const back = turned.map((runs) =>
            runs.map((run) => ({
              ...run,
              speaker: run.speaker === null ? null : [2, 0, 1].indexOf(run.speaker),
            })),
          );
          expect(back).toEqual(plain);
        },
      ),
    );
  });

  it('splits a segment where the speaker changes in it, at the border of a word', () => {
    const segment = words([0, 400], [450, 900], [950, 1300], [1350, 1800]);
    // the turn ends inside the second word, most of which the first speaker says
    expect(assignSpeakers([segment], [turn(0, 0, 750), turn(1, 750, 2000)])).toEqual([
      [
        { speaker: 0, from: 0, to: 2 },
        { speaker: 1, from: 2, to: 4 },
      ],
    ]);
  });

  it('lets the one who speaks go on where two speak at once', () => {
    const segment = words([0, 350], [500, 900], [1000, 1400], [2000, 2300]);
    // the other one comes in first, between two words
    const [runs] = assignSpeakers(
      [segment],
      [turn(1, 0, 370), turn(0, 380, 2400), turn(1, 450, 1500)],
    );
    expect(runs).toEqual([
      { speaker: 1, from: 0, to: 3 },
      { speaker: 0, from: 3, to: 4 },
    ]);
  });

  it('gives a word in a pause to who is closest in time', () => {
    const turns = [turn(0, 0, 1000), turn(1, 3000, 4000)];
    const closest = (startMs: number, endMs: number) =>
      assignSpeakers([words([startMs, endMs])], turns)[0]?.[0]?.speaker;
    expect([closest(1100, 1300), closest(2500, 2900), closest(9000, 9100)]).toEqual([0, 1, 1]);
  });

  it('knows no speaker where there are no turns', () => {
    expect(assignSpeakers([words([0, 100], [200, 300]), []], [])).toEqual([
      [{ speaker: null, from: 0, to: 2 }],
      [],
    ]);
  });
});
