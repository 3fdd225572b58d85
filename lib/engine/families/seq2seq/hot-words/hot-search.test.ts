import { describe, expect, it } from 'vitest';
import { HotRow } from './hot-search';
import { buildTokenTree } from './token-tree';

const END = 'end';
/** Pieces with a space before them begin words. */
const PIECES = [END, ' ann', ' and', 'e', 'ette', ' le', 'a', ' went', ' Go', ' to', ' ban', 'k'];
const id = (piece: string) => PIECES.indexOf(piece);
const ids = (...pieces: string[]) => pieces.map(id);
const edges = {
  begins: (token: number) => token === id(END) || /^ /.test(PIECES[token] ?? ''),
  opens: () => false,
};

/** Log-probabilities after a text, by piece; what is not listed is out of the question. */
type Model = Record<string, Record<string, number>>;

/** What is written with these words, a row at a time, as the batches do it. */
function write(model: Model, words: string[][], scores = { bonus: 2, most: 5 }): string {
  const tree = buildTokenTree(
    words.map((word) => ids(...word)),
    edges,
  );
  const row = tree && new HotRow({ tree, beamBonus: 0, ...scores });
  const tokens: number[] = [];
  for (let step = 0; step < 40; step++) {
    const text = tokens.map((token) => PIECES[token]).join('');
    const shares = Object.entries(model[text] ?? { [END]: 0 });
    const [piece = END, logProb = 0] = shares.reduce((a, b) => (b[1] > a[1] ? b : a));
    const own = { token: id(piece), logProb };
    const logProbOf = (token: number) =>
      shares.find(([name]) => id(name) === token)?.[1] ?? -Infinity;
    const { length, choice } = row?.next(tokens, { own, logProbOf }) ?? {
      length: tokens.length,
      choice: own,
    };
    tokens.length = length;
    if (choice.token === id(END)) return tokens.map((token) => PIECES[token]).join('');
    tokens.push(choice.token);
  }
  return 'no end';
}

describe("the user's words in the search of a row", () => {
  const model: Model = {
    '': { ' and': -0.2, ' ann': -3 },
    ' and': { ' went': -0.1 },
    ' ann': { ' went': -0.5, ette: -2.5, e: -1 },
    ' annette': { ' went': -0.1 },
    ' anne': { ' went': -0.1 },
  };

  it('are written in place of what is a little more probable', () => {
    expect(write(model, [])).toBe(' and went');
    expect(write(model, [[' ann', 'e']])).toBe(' anne went');
    expect(write({ ...model, ' ann': { ' went': -1, ette: -2 } }, [[' ann', 'ette']])).toBe(
      ' annette went',
    );
  });

  it('are not, where all of the word together costs more than the bonus of its tokens', () => {
    expect(write(model, [[' ann', 'ette']])).toBe(' and went');
    expect(write(model, [[' ann', 'ette']], { bonus: 3, most: 5 })).toBe(' annette went');
  });

  it('are not, where one token is out of the question', () => {
    const unlikely = { ...model, '': { ' and': -0.2, ' ann': -5.3 } };
    expect(write(unlikely, [[' ann', 'e']], { bonus: 9, most: 5 })).toBe(' and went');
    expect(write(unlikely, [[' ann', 'e']], { bonus: 9, most: 5.2 })).toBe(' anne went');
  });

  it('lose their bonus where they do not become whole, and another word may begin there', () => {
    const stuck = { ...model, ' ann': { ' went': -0.1 } };
    expect(write(stuck, [[' ann', 'e']])).toBe(' and went');
    const two = {
      ...stuck,
      '': { ' and': -0.2, ' ann': -3, ' ban': -3.5 },
      ' ban': { k: -0.1 },
      ' bank': { ' went': -0.1 },
    };
    expect(
      write(two, [
        [' ann', 'e'],
        [' ban', 'k'],
      ]),
    ).toBe(' bank went');
  });

  it('are not prefixes of other words', () => {
    const longer = { ...model, ' ann': { ette: -0.1, ' went': -7 } };
    expect(write(longer, [[' ann']])).toBe(' and went');
    expect(write({ ...model, ' ann': { ' went': -0.1 } }, [[' ann']], { bonus: 3, most: 5 })).toBe(
      ' ann went',
    );
  });

  it('do not begin in the middle of another word', () => {
    const inside = { '': { ' le': -0.1 }, ' le': { a: -0.2, e: -1 } };
    expect(write(inside, [['e']])).toBe(' lea');
  });

  it('continue where the model has begun them itself', () => {
    const begun = {
      '': { ' Go': -0.1 },
      ' Go': { ' went': -0.5, ' to': -2 },
      ' Go to': { ' ban': -0.1 },
      ' Go to ban': { k: -0.1 },
    };
    expect(write(begun, [])).toBe(' Go went');
    expect(write(begun, [[' Go', ' to', ' ban', 'k']])).toBe(' Go to bank');
  });

  it('leave alone what the model writes of them anyway', () => {
    const own = { '': { ' ann': -0.1, ' ban': -0.2 }, ' ann': { e: -0.1 } };
    expect(
      write(own, [
        [' ann', 'e'],
        [' ban', 'k'],
      ]),
    ).toBe(' anne');
  });
});
