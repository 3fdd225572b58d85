import { describe, expect, it } from 'vitest';
import { buildTokenTree } from '../hot-words/token-tree';
import type { StepToken } from '../step-kernels';
import { type BeamOptions, searchBeam } from './beam';
import { chooseToken } from './choose-token';
import { ruleAfter, ruleTables } from './rules';

const PIECES = [...['.', ' grey', ' gray', ' green', ' cat', ' hat', ' sat', ' on', ' it', ' up']];
const [END, FIRST_TIME] = [PIECES.length, PIECES.length + 1];
const TIMES = 400;
const VOCABULARY = FIRST_TIME + TIMES;
const time = (at: number) => FIRST_TIME + at;
/** `<150>` is a time. */
const id = (piece: string) => {
  const [, at] = /^<(\d+)>$/.exec(piece) ?? [];
  if (at !== undefined) return time(Number(at));
  return piece === 'end' ? END : PIECES.indexOf(piece);
};
/** A text begins with the first time, which its name leaves out. */
const pieceOf = (token: number) =>
  PIECES[token] ?? (token > FIRST_TIME ? `<${token - FIRST_TIME}>` : '');

/** Probabilities after a text, by piece; what is not listed is out of the question. */
type Model = Record<string, Record<string, number>>;

/** Steps whose caches are the texts that were put into them. */
function stepsOf(model: Model, slots: number) {
  const caches: (readonly number[])[] = Array.from({ length: slots }, () => []);
  const counts: number[] = [];
  let last: Float32Array[] = [];
  return {
    ...{ slots, counts },
    copySlot(from: number, to: number, tokens: number) {
      caches[to] = (caches[from] ?? []).slice(0, tokens);
    },
    step(tokens: readonly StepToken[]) {
      counts.push(tokens.length);
      last = tokens.map(({ slot, position, token }) => {
        const known = caches[slot] ?? [];
        expect(known.length, 'tokens of a slot come one after the other').toBeGreaterThanOrEqual(
          position,
        );
        const text = [...known.slice(0, position), token];
        caches[slot] = text;
        return logitsAfter(model, text);
      });
    },
    logits: (at: number) => last[at] ?? new Float32Array(0),
  };
}

function logitsAfter(model: Model, tokens: readonly number[]): Float32Array {
  const text = tokens.map(pieceOf).join('');
  const logits = new Float32Array(VOCABULARY).fill(-40);
  for (const [piece, share] of Object.entries(model[text] ?? { end: 1 }))
    logits[id(piece)] = Math.log(share);
  return logits;
}

const limits = {
  suppressed: [],
  timestamps: { firstId: FIRST_TIME, endId: END, maxInitial: null, monotonic: true },
};

/** The text of each row. @param rows what each begins with, and its model */
async function write(
  model: Model,
  {
    width = 3,
    slots = 16,
    rows = 1,
    maxTokens = 20,
    ...change
  }: Partial<BeamOptions> & { slots?: number; rows?: number } = {},
) {
  const tables = ruleTables(limits, VOCABULARY);
  const steps = stepsOf(model, slots);
  const found = await searchBeam(
    steps,
    Array.from({ length: rows }, () => ({ token: time(0), logProb: 0 })),
    {
      ...{ width, tables, maxTokens, endId: END, promptLength: 0 },
      choiceOf: (at) => {
        const logits = steps.logits(at);
        // what the tests expect of a text does not depend on where its time was
        const rule = ruleAfter([time(0)], tables);
        return chooseToken(logits, {
          rule: { ...rule, text: 0, fromTime: 0, toTime: TIMES },
          tables,
          suppressed: new Set(),
          temperature: 0,
          random: () => 0,
        });
      },
      pause: () => Promise.resolve(),
      ...change,
    },
  );
  return {
    counts: steps.counts,
    rows: found,
    texts: found.map(({ tokens }) => tokens.map((token) => PIECES[token] ?? '').join('')),
  };
}

/** " grey" is likelier at first, " green hat" as a whole. */
const LATE: Model = {
  '': { ' grey': 0.5, ' green': 0.4, ' gray': 0.1 },
  ' grey': { ' cat': 0.3, ' hat': 0.3, ' it': 0.2, ' up': 0.2 },
  ' green': { ' hat': 1 },
};

describe('a beam that branches in doubt', () => {
  it('takes the text that is likelier as a whole', async () => {
    expect((await write(LATE, { width: 1 })).texts).toEqual([' grey cat']);
    const { texts, rows } = await write(LATE);
    expect(texts).toEqual([' green hat']);
    expect(rows[0]).toMatchObject({ ended: true });
    const sum = rows[0]?.logProbs.reduce((a, b) => a + b, 0) ?? 0;
    expect(Math.exp(sum)).toBeCloseTo(0.4, 3);
  });

  it('continues a text when a shorter one has ended, and leaves out nothing that was said', async () => {
    const words = [' on', ' it', ' up'];
    const rest = ['<100>', ...words, ...words, ...words, '<300>'];
    const model: Model = { '': { ' grey': 0.5, ' green': 0.4 }, ' grey': { '<100>': 1 } };
    rest.reduce((text, piece) => {
      // each costs something: together more than a finished text would let them fall behind
      model[text] = piece.startsWith('<') ? { [piece]: 1 } : { [piece]: 0.71, ' sat': 0.29 };
      return text + piece;
    }, ' green');
    const { rows, texts } = await write(model);
    expect(texts).toEqual([' green on it up on it up on it up']);
    const sum = rows[0]?.logProbs.reduce((a, b) => a + b, 0) ?? 0;
    expect(sum).toBeLessThan(Math.log(0.5) - 2.5);
  });

  it('takes the likelier of two texts that end at nearly the same time', async () => {
    const model: Model = {
      '': { ' grey': 0.5, ' green': 0.4 },
      ' grey': { '<100>': 1 },
      ' green': { '<180>': 1 },
    };
    expect((await write(model)).texts).toEqual([' grey']);
    expect((await write({ ...model, ' green': { '<201>': 1 } })).texts).toEqual([' green']);
  });

  it('keeps one hypothesis of a row while the model is sure', async () => {
    const sure = { '': { ' grey': 0.8, ' green': 0.2 }, ' grey': { ' cat': 0.9, ' hat': 0.1 } };
    const { texts, counts } = await write(sure, { rows: 2 });
    expect(texts).toEqual([' grey cat', ' grey cat']);
    expect(Math.max(...counts)).toBe(2);
  });

  it('drops what falls far behind, and one of two that continue alike', async () => {
    const behind: Model = {
      '': { ' grey': 0.68, ' green': 0.32 },
      ' green': Object.fromEntries(PIECES.slice(0, 8).map((piece) => [piece, 1 / 8])),
    };
    const rest = [' cat', ' sat', ' on', ' it', ' up', ' up', ' cat', ' hat'];
    for (const first of [' grey', ' gray'])
      rest.reduce((text, piece) => {
        behind[text] = { [piece]: 1 };
        return text + piece;
      }, first);
    expect((await write(behind)).counts.slice(1, 4)).toEqual([2, 1, 1]);
    const alike = { ...behind, '': { ' grey': 0.5, ' gray': 0.5 } };
    const { texts, counts } = await write(alike);
    expect(texts).toEqual([` grey${rest.join('')}`]);
    // four tokens are the same
    expect(counts.slice(1, 7)).toEqual([2, 2, 2, 2, 1, 1]);
  });

  it('gives each row as many hypotheses as there are slots for, whatever the others need', async () => {
    const rows = 3;
    const fits = (slots: number) => write(LATE, { rows, slots });
    for (const slots of [rows, 2 * rows - 1])
      expect((await fits(slots)).texts).toEqual(Array(rows).fill(' grey cat'));
    for (const slots of [2 * rows, 3 * rows, 30])
      expect((await fits(slots)).texts).toEqual(Array(rows).fill(' green hat'));
    expect(Math.max(...(await fits(30)).counts)).toBe(3 * rows);
  });

  it('writes over the texts that it drops alone', async () => {
    // three are under way when one of them is worth three
    const crowded: Model = {
      '': { ' grey': 0.4, ' green': 0.3, ' gray': 0.3 },
      ' grey': { ' on': 1 },
      ' grey on': { ' cat': 0.4, ' hat': 0.3, ' it': 0.3 },
      ' grey on cat': { ' up': 0.5, '.': 0.5 },
      ' grey on hat': { ' sat': 0.9, '.': 0.1 },
      ' grey on hat sat': { ' up': 1 },
    };
    for (const first of [' green', ' gray'])
      crowded[first] = Object.fromEntries(PIECES.slice(0, 8).map((piece) => [piece, 1 / 8]));
    const { texts, counts } = await write(crowded);
    expect(texts).toEqual([' grey on hat sat up']);
    expect(Math.max(...counts)).toBe(3);
  });

  it('ends at the token limit, and where the caller says so', async () => {
    const endless = { '': { '.': 1 } } as Model;
    for (let text = '.'; text.length < 60; text += '.') endless[text] = { '.': 1 };
    const { rows } = await write(endless, { maxTokens: 12 });
    expect(rows[0]).toMatchObject({ ended: false });
    expect(rows[0]?.tokens).toHaveLength(12);
    const stopped = await write(endless, {
      maxTokens: 50,
      shouldStop: (tokens) => tokens.length > 20,
    });
    expect(stopped.rows[0]?.tokens).toHaveLength(24);
  });

  it('gives no text where the end comes first', async () => {
    const tables = ruleTables(limits, VOCABULARY);
    const rows = await searchBeam(stepsOf({}, 4), [{ token: END, logProb: -0.1 }], {
      ...{ width: 3, tables, maxTokens: 5, endId: END, promptLength: 0 },
      choiceOf: () => ({ token: END, logProb: 0 }),
      pause: () => Promise.resolve(),
    });
    expect(rows).toEqual([{ tokens: [], logProbs: [-0.1], ended: true }]);
  });
});

describe("the user's words in a beam", () => {
  const edges = {
    begins: (token: number) => !/^\p{L}/u.test(PIECES[token] ?? ''),
    opens: () => false,
  };
  const favour = (words: string[][], { bonus = 1.5, most = 5 } = {}) => {
    const tree = buildTokenTree(
      words.map((pieces) => pieces.map(id)),
      edges,
    );
    return tree && { tree, bonus, beamBonus: bonus, most };
  };
  /** The model is sure of " grey cat". */
  const sure = (green: number): Model => ({
    '': { ' grey': 1 - green, ' green': green },
    ' grey': { ' cat': 1 },
    ' green': { ' hat': 0.9, ' cat': 0.1 },
  });
  const wanted = [[' green', ' hat']];

  it('are written where each of their tokens costs no more than its bonus, on average', async () => {
    expect((await write(sure(0.06), { hot: null })).texts).toEqual([' grey cat']);
    const { texts, rows } = await write(sure(0.06), { hot: favour(wanted) });
    expect(texts).toEqual([' green hat']);
    // how probable they are is not changed by it
    expect(Math.exp(rows[0]?.logProbs[1] ?? 0)).toBeCloseTo(0.06, 3);
    expect((await write(sure(0.04), { hot: favour(wanted) })).texts).toEqual([' grey cat']);
    expect((await write(sure(0.06), { hot: favour(wanted, { most: 2 }) })).texts).toEqual([
      ' grey cat',
    ]);
  });

  it('drop nothing before they are complete', async () => {
    const [never, whole] = [
      [' green', ' hat', ' up'],
      [' green', ' cat'],
    ];
    for (const bonus of [1.5, 99])
      expect((await write(sure(0.3), { hot: favour([never], { bonus }) })).texts).toEqual([
        ' grey cat',
      ]);
    const { texts } = await write(sure(0.3), { hot: favour([never, whole], { bonus: 99 }) });
    expect(texts).toEqual([' green cat']);
    // cut in the middle of one
    const cut = await write(sure(0.3), { hot: favour([never], { bonus: 99 }), maxTokens: 3 });
    expect(cut.texts).toEqual([' grey cat']);
  });

  it('are found where the model begins them, and behind other words', async () => {
    const model: Model = {
      '': { ' on': 1 },
      ' on': { ' green': 0.9, ' grey': 0.1 },
      ' on green': { ' cat': 0.9, ' hat': 0.1 },
      ' on green hat': { ' sat': 1 },
    };
    expect((await write(model, { hot: null })).texts).toEqual([' on green cat']);
    expect((await write(model, { hot: favour(wanted) })).texts).toEqual([' on green hat sat']);
  });
});
