import { describe, expect, it } from 'vitest';
import { encodeModel } from '@/lib/engine/families/ctc/test-model';
import { HotBonus, HotWordReader, hotLexicon } from './hot-words';
import { LanguageModel } from './language-model';
import { buildLexicon } from './lexicon-build';

const model = new LanguageModel(
  encodeModel({
    words: [
      ['anna', [1, 2, 1]],
      ['London', [3, 2]],
      ["don't", [3, 3]],
    ],
    unigrams: [200, 16, 100, 32, 64, 80],
  }).buffer,
);
const [ANNA, LONDON, DONT, NEW] = [3, 4, 5, 6];

/** Says every word as its length in units, and knows none with an x. */
const reader = new HotWordReader(model, (word) =>
  word.includes('x') ? [] : [Array.from(word, () => 2)],
);

/** Of a model that has words of grammar and a letter. */
const common = new HotWordReader(
  new LanguageModel(
    encodeModel({
      words: [
        ['us', [1, 2]],
        ['the', [3]],
        ['anna', [1, 2, 1]],
        ['k', [3, 1]],
      ],
    }).buffer,
  ),
  (word) => [Array.from(word, () => 2)],
);
const [US, THE, OTHER_ANNA, , NEW_WORD] = [3, 4, 5, 6, 7];

describe('HotWordReader', () => {
  it('gives new words ids after those of the model, in order', async () => {
    const { entries, added, written } = await reader.read(['Kube', 'Anna Schmidt', 'kube schmidt']);
    expect(entries).toEqual([[NEW], [ANNA, NEW + 1], [NEW, NEW + 1]]);
    expect(added).toEqual([
      { written: 'Kube', pronunciations: [[2, 2, 2, 2]] },
      { written: 'Schmidt', pronunciations: [[2, 2, 2, 2, 2, 2, 2]] },
    ]);
    expect(Object.fromEntries(written)).toEqual({
      [NEW]: 'Kube',
      [NEW + 1]: 'Schmidt',
    });
  });

  it('says a word as the user says that it sounds, in words of the model or not', async () => {
    const { entries, added, written } = await reader.read([
      'Nguyen = anna',
      'Anna = London b',
      'Aoife Byrne = anna bb',
      'New York = anna',
    ]);
    expect(added).toEqual([
      { written: 'Nguyen', pronunciations: [[1, 2, 1]] },
      // the model has another "anna"
      { written: 'Anna', pronunciations: [[3, 2, 2]] },
      { written: 'Aoife', pronunciations: [[1, 2, 1]] },
      { written: 'Byrne', pronunciations: [[2, 2]] },
      // it does not say which of the two words sounds like that
      { written: 'New', pronunciations: [[2, 2, 2]] },
      { written: 'York', pronunciations: [[2, 2, 2, 2]] },
    ]);
    expect(entries).toEqual([[NEW], [NEW + 1], [NEW + 2, NEW + 3], [NEW + 4, NEW + 5]]);
    expect(written.get(NEW + 1)).toBe('Anna');
  });

  it('spells abbreviations letter by letter too', async () => {
    const letters = new LanguageModel(
      encodeModel({
        words: [
          ['a', [7], [8, 9]], // the article, then the letter
          ['b', [10, 1]],
          ['c', [11, 1]],
        ],
        unigrams: [200, 16, 100, 32, 64, 80],
      }).buffer,
    );
    const said = async (form: string) => {
      const { added } = await new HotWordReader(letters, () => [[5]]).read([form]);
      return added[0]?.pronunciations;
    };
    expect(await said('ABC')).toEqual([[5], [8, 9, 10, 1, 11, 1]]);
    expect(await said('Abc')).toEqual([[5]]);
    expect(await said('bcb')).toEqual([[5], [10, 1, 11, 1, 10, 1]]); // nothing to read aloud
    expect(await said('ABX')).toEqual([[5]]); // a letter without a name in the model
    expect(await said('ABCABCA')).toEqual([[5]]); // shouted
  });

  it('keeps what the user writes in another way than the model, the first way of several', async () => {
    const { written } = await reader.read(['LONDON', 'london', 'anna']);
    expect(Object.fromEntries(written)).toEqual({ [LONDON]: 'LONDON' });
  });

  it('leaves the words of phrases alone where their capitals alone differ', async () => {
    const { entries, written } = await common.read(['US Army', 'The Ánna', 'U.S. ANNA', 'Anna 42']);
    expect(entries).toEqual([[US, NEW_WORD], [THE, OTHER_ANNA], [US, OTHER_ANNA], [OTHER_ANNA]]);
    expect(Object.fromEntries(written)).toEqual({ [NEW_WORD]: 'Army', [OTHER_ANNA]: 'Ánna' });
  });

  it('does not take a word with a figure or another sign for one of the model', async () => {
    const alike = ['K+', '4K', 'I/K', 'Anna 2', 'US', 'U.S.', 'The 42', 'GPT-4', 'K-Anna'];
    const { entries, added } = await common.read(alike);
    expect(entries).toEqual([[NEW_WORD], [OTHER_ANNA], [NEW_WORD + 1], [NEW_WORD + 2]]);
    expect(added.map(({ written }) => written)).toEqual(['I/K', 'GPT-4', 'K-Anna']);
  });

  it('takes such a word where it is listed with its sound', async () => {
    const { entries, written } = await common.read(['4K = anna', 'US = k']);
    expect(entries).toEqual([[NEW_WORD], [NEW_WORD + 1]]);
    expect(Object.fromEntries(written)).toEqual({ [NEW_WORD]: '4K', [NEW_WORD + 1]: 'US' });
  });

  it('compares letters and apostrophes, whatever their form', async () => {
    expect((await reader.read(['Ánna', 'DON’T', 'lon-don'])).entries).toEqual([
      [ANNA],
      [DONT],
      [LONDON],
    ]);
  });

  it('leaves out what it cannot take', async () => {
    const invalid = ['', '  ', '42', '!', 'a b c d e f', `an${'n'.repeat(59)}a`];
    expect(await reader.read(invalid)).toEqual({ entries: [], added: [], written: new Map() });
    expect(await reader.read([...invalid, ' anna  42 '])).toMatchObject({ entries: [[ANNA]] });
  });

  it('takes 500 entries', async () => {
    const many = Array.from({ length: 510 }, (_, at) => (at < 5 ? '' : 'anna'));
    expect((await reader.read(many)).entries).toHaveLength(500);
  });

  it('asks the letters of the model when no other way is given', async () => {
    const words: [string, ...number[][]][] = ['ban', 'nab', 'bab', 'nan', 'ana', 'abba'].map(
      (word) => [word, Array.from(word.replace('bb', 'b'), (letter) => ' abn'.indexOf(letter))],
    );
    const taught = new HotWordReader(new LanguageModel(encodeModel({ words }).buffer));
    expect((await taught.read(['Banana'])).added).toEqual([
      { written: 'Banana', pronunciations: [[2, 1, 3, 1, 3, 1]] },
    ]);
  });
});

describe('hotLexicon', () => {
  const base = buildLexicon(model, 4);
  const scores = { hotBonus: 4, newWordScore: -10, weight: 0.5 };
  const hopeOf = async (phrases: string[], units: number[]) => {
    const lexicon = hotLexicon(base, model, await reader.read(phrases), scores);
    return lexicon.hope(units.reduce((node, unit) => lexicon.childOf(node, unit), 0));
  };

  it('hopes for the bonus on the way to single words, not for that of phrases', async () => {
    expect(await hopeOf([], [1])).toBe(-2);
    expect(await hopeOf(['anna'], [1])).toBe(-2 + 4 / 0.5);
    expect(await hopeOf(['anna london'], [1])).toBe(-2);
  });

  it('hopes for the score of new words', async () => {
    expect(await hopeOf(['kub'], [2, 2])).toBe(-10 + 4 / 0.5);
    expect(await hopeOf(['anna kub'], [2, 2])).toBe(-10);
  });

  it('is the tree itself when nothing is added', async () => {
    expect(hotLexicon(base, model, await reader.read(['anna london', 'xylo']), scores)).toBe(base);
  });
});

describe('HotBonus', () => {
  it('favours single words everywhere, and words of phrases after the one before', async () => {
    const bonus = new HotBonus(await reader.read(['london', 'anna kube schmidt']), 3);
    expect(bonus.of(0, LONDON)).toBe(3);
    expect(bonus.of(0, ANNA)).toBe(0);
    expect(bonus.of(ANNA, NEW)).toBe(3);
    expect(bonus.of(NEW, NEW + 1)).toBe(3);
    expect(bonus.of(ANNA, NEW + 1)).toBe(0);
  });
});
