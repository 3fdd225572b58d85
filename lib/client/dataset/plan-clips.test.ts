import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row, Word } from '@/lib/transcript';
import { type CheckLevel, planClips } from './plan-clips';

const word = (text: string, startMs: number, endMs: number): Word => ({
  text,
  startMs,
  endMs,
  confidence: 1,
});

function row(index: number, words: Word[], more: Partial<Row> = {}): Row {
  return {
    index,
    id: `r${index}`,
    startMs: words[0]?.startMs ?? 0,
    endMs: words.at(-1)?.endMs ?? 0,
    speakerId: null,
    text: words.map(({ text }) => text).join(' '),
    edited: true,
    words,
    ...more,
  };
}

/** Words of 300 ms, one after another with a pause. */
const words = (count: number, fromMs: number, pauseMs = 100) =>
  Array.from({ length: count }, (_, at) =>
    word(`w${at}`, fromMs + at * (300 + pauseMs), fromMs + at * (300 + pauseMs) + 300),
  );

const levelOf = ({ edited }: Row): CheckLevel | null => (edited ? 'edited' : null);
const plan = (rows: Row[], more: Partial<Parameters<typeof planClips>[0]> = {}) =>
  planClips({ rows, recognised: rows, levelOf, durationMs: 600_000, ...more });

describe('what can be given of a transcript', () => {
  it('is what a person checked, with the silence beside it and what was recognised there', () => {
    const heard = row(1, [word('their', 5_000, 5_600), word('boat', 5_700, 6_900)]);
    const corrected = row(1, [word('the', 5_000, 5_600), word('boats', 5_700, 6_900)]);
    const others = [
      row(0, [word('before', 4_000, 4_900)], { edited: false }),
      row(2, [word('after', 9_000, 9_900)], { edited: false }),
    ];
    const rows = [...others.slice(0, 1), corrected, ...others.slice(1)];
    const recognised = [...others.slice(0, 1), heard, ...others.slice(1)];
    expect(plan(rows, { recognised })).toEqual({
      clips: [
        {
          // half-way to the word before, and 150 ms after the last one
          startMs: 4_950,
          endMs: 7_050,
          text: 'the boats',
          asrText: 'their boat',
          level: 'edited',
          speakerId: null,
        },
      ],
      omitted: [],
    });
  });

  it('takes in more silence rather than leave a word out that is nearly a second long', () => {
    expect(plan([row(0, [word('yes', 10_000, 10_400)])]).clips).toMatchObject([
      { startMs: 9_700, endMs: 10_700 },
    ]);
  });

  it('joins a short row to one of the same speaker beside it, as far as both were checked', () => {
    const close = (more: Partial<Row>) => [row(0, words(2, 0, 0)), row(1, words(4, 700), more)];
    const level = ({ index }: Row) => (index === 0 ? 'confirmed' : 'edited');
    expect(plan(close({}), { levelOf: level }).clips).toMatchObject([
      { text: 'w0 w1 w0 w1 w2 w3', level: 'edited' },
    ]);
    const apart = plan(close({ speakerId: 's2' }), { durationMs: 2_300 });
    expect(apart.clips).toMatchObject([{ text: 'w0 w1 w2 w3' }]);
    expect(apart.omitted).toEqual([{ startMs: 0, text: 'w0 w1', reason: 'short' }]);
  });

  it('never takes in a text between two checked ones that nobody has checked', () => {
    const rows = [
      row(0, words(2, 0, 0)),
      row(1, words(1, 650), { edited: false }),
      row(2, words(4, 1_000)),
    ];
    const { clips, omitted } = plan(rows);
    expect(clips.map(({ text }) => text)).toEqual(['w0 w1 w2 w3']);
    expect(omitted).toMatchObject([{ text: 'w0 w1', reason: 'short' }]);
  });

  it('divides what is too long at the longest pause near its middle', () => {
    const before = words(60, 0);
    const after = words(50, 24_900);
    const { clips } = plan([row(0, [...before, ...after])]);
    expect(clips.map(({ text }) => text.split(' ').length)).toEqual([60, 50]);
    expect(clips[0]?.endMs).toBeLessThanOrEqual(24_900);
  });

  it('says which text is too long and cannot be divided', () => {
    const { clips, omitted } = plan([
      row(0, [], { text: 'typed by somebody', startMs: 0, endMs: 40_000 }),
      row(1, words(5, 50_000)),
    ]);
    expect(clips).toHaveLength(1);
    expect(omitted).toEqual([{ startMs: 0, text: 'typed by somebody', reason: 'long' }]);
  });

  it('is in order, 1 to 30 s each, never through a word and never twice, whatever was said', () => {
    const rowsOf = fc
      .array(
        fc.record({
          lengths: fc.array(
            fc.tuple(fc.integer({ min: 20, max: 3_000 }), fc.integer({ min: 0, max: 900 })),
            {
              minLength: 1,
              maxLength: 40,
            },
          ),
          edited: fc.boolean(),
          speaker: fc.constantFrom(null, 'a', 'b'),
        }),
        { maxLength: 8 },
      )
      .map((made) => {
        let atMs = 0;
        return made.map(({ lengths, edited, speaker }, index) => {
          const own = lengths.map(([lengthMs, pauseMs], at) => {
            const startMs = atMs + pauseMs;
            atMs = startMs + lengthMs;
            return word(`${index}.${at}`, startMs, atMs);
          });
          return row(index, own, { edited, speakerId: speaker });
        });
      });
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const durationMs = (rows.at(-1)?.endMs ?? 0) + 500;
        const { clips, omitted } = plan(rows, { durationMs });
        const all = rows.flatMap((one) => one.words);
        let beforeMs = 0;
        for (const { startMs, endMs, text } of clips) {
          expect(endMs - startMs).toBeGreaterThanOrEqual(1_000);
          expect(endMs - startMs).toBeLessThanOrEqual(30_000);
          expect(startMs).toBeGreaterThanOrEqual(beforeMs);
          expect(endMs).toBeLessThanOrEqual(durationMs);
          const within = all.filter((one) => one.startMs < endMs && one.endMs > startMs);
          expect(within.map((one) => one.text).join(' ')).toBe(text);
          beforeMs = endMs;
        }
        const checked = rows.filter(({ edited }) => edited).flatMap((one) => one.words);
        const said = [...clips, ...omitted].sort((a, b) => a.startMs - b.startMs);
        expect(said.flatMap(({ text }) => text.split(' '))).toEqual(
          checked.map(({ text }) => text),
        );
      }),
    );
  });
});
