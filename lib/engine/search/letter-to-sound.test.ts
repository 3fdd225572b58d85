import { describe, expect, it } from 'vitest';
import { yieldToEventLoop } from '@/lib/core/event-loop';
import { LetterToSound } from './letter-to-sound';

/** Units of the made-up lexicon: one for each phone, in this order, from 1. */
const PHONES = 'B D G K L M N P R S T SH CH AE EH IH AA EY IY AY'.split(' ');

const unitsOf = (phones: string) => phones.split(' ').map((phone) => PHONES.indexOf(phone) + 1);
const written = (units: number[]) => units.map((unit) => PHONES[unit - 1]).join(' ');

const CONSONANTS = { b: 'B', d: 'D', g: 'G', k: 'K', l: 'L', m: 'M', n: 'N', p: 'P', t: 'T' };
const SHORT = { a: 'AE', e: 'EH', i: 'IH', o: 'AA' };
const LONG = { a: 'EY', e: 'IY', i: 'AY' };

/**
 * A language more regular than any real one: vowels are short, but long before a consonant and a silent e at
 * the end; `sh` and `ch` are one sound, `x` is two.
 */
function* lexicon() {
  for (const [first, onset] of Object.entries({ ...CONSONANTS, sh: 'SH', ch: 'CH' }))
    for (const [last, coda] of Object.entries({ ...CONSONANTS, sh: 'SH', x: 'K S' })) {
      // held out below
      for (const [vowel, phone] of Object.entries(SHORT))
        if (`${first}${vowel}${last}` !== 'shax')
          yield { word: first + vowel + last, units: unitsOf(`${onset} ${phone} ${coda}`) };
      for (const [vowel, phone] of Object.entries(LONG))
        if (last !== 'x' && last !== 'sh' && `${first}${vowel}${last}` !== 'chib')
          yield {
            word: `${first}${vowel}${last}e`,
            units: unitsOf(`${onset} ${phone} ${coda}`),
          };
    }
}

const reader = await LetterToSound.learn(lexicon());
const read = (word: string) => reader.pronounce(word).map(written);

describe('letter to sound', () => {
  it('reads words it never saw: two letters that say one phone, one that says two', () => {
    expect(read('shax')[0]).toBe('SH AE K S');
  });

  it('looks ahead: a silent letter at the end changes the vowel before', () => {
    expect(read('chibe')[0]).toBe('CH AY B');
    expect(read('chib')[0]).toBe('CH IH B');
  });

  it('reads words of more syllables than those it learnt from', () => {
    expect(read('tabodike')[0]).toBe('T AE B AA D AY K');
  });

  it('takes capitals for letters and passes over what is not a letter', () => {
    expect(read('Sh-ax!')).toEqual(read('shax'));
  });

  it.each(['', "'", '42', '北京'])('says nothing for %j, which has no letters', (word) => {
    expect(reader.pronounce(word)).toEqual([]);
  });

  it('gives both ways when words of a kind are said in two, the more frequent one first', async () => {
    const entries = [...'bdgklmnpt'].flatMap((letter) => {
      const word = `${letter}od`;
      const consonant = CONSONANTS[letter as keyof typeof CONSONANTS];
      const open = { word, units: unitsOf(`${consonant} AA D`) };
      return 'bdg'.includes(letter)
        ? [open, { word, units: unitsOf(`${consonant} EH D`) }]
        : [open];
    });
    const both = (await LetterToSound.learn(entries)).pronounce('bod').map(written);
    expect(both).toEqual(['B AA D', 'B EH D']);
  });

  it('says nothing when there was nothing to learn from', async () => {
    const empty = await LetterToSound.learn([
      { word: 'a', units: [1] },
      { word: 'No. 5', units: [1, 2] },
      { word: 'ab', units: [] },
    ]);
    expect(empty.pronounce('ab')).toEqual([]);
  });

  it('leaves out what cannot be parted among the letters', async () => {
    const odd = await LetterToSound.learn([
      ...lexicon(),
      { word: 'bd', units: unitsOf('B IY D IY S AE') },
    ]);
    expect(odd.pronounce('shax').map(written)[0]).toBe('SH AE K S');
  });

  it('yields to the event loop while it learns', async () => {
    const long = Array.from({ length: 4000 }, (_, at) => ({
      word: `${'abcdefghij'.repeat(2)}${String.fromCharCode(97 + (at % 26))}`,
      units: Array.from({ length: 20 }, (_unit, place) => 1 + ((place + at) % 20)),
    }));
    let isDone = false;
    const learning = LetterToSound.learn(long).then(() => {
      isDone = true;
    });
    let turns = 0;
    for (; !isDone; turns++) await yieldToEventLoop();
    expect(turns).toBeGreaterThan(2);
    await learning;
  });
});
