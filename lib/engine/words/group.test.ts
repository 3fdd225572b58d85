import { WhisperTokenizer } from '@huggingface/transformers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWords } from '@/lib/core/text';
import { groupWords } from './group';
import { moonshineTokenizer, whisperTokenizer } from './test-tokenizers';
import { openTokenizer } from './tokenizer';

const TEXTS = [
  ' Hello',
  ' wor',
  'ld',
  ' the',
  'hello',
  ' -',
  ' "',
  '"',
  ',',
  '.',
  '?',
  "'s",
  ' (',
  ')',
  ' ',
  '我',
  '们',
  '喜欢',
  '。',
  '「',
  '」',
  ' 3',
  '5',
  'สวัส',
  'ดี',
];
const whisper = whisperTokenizer([...TEXTS, [0xa9, 0xf0], [0x9f, 0x98, 0x80]]);
const moonshine = moonshineTokenizer([...TEXTS, 'é']);

/** The words of texts that are tokens, with the tokens of each. */
function grouped(texts: readonly string[], made = whisper) {
  const ids = texts.flatMap((text) => (made.id(text) < 0 ? made.bytes(text) : [made.id(text)]));
  const words = groupWords(
    ids,
    ids.map(() => -0.1),
    openTokenizer(made.json),
  );
  return words.map(({ text, firstToken, lastToken }) => ({
    text,
    tokens: [firstToken, lastToken],
  }));
}
const textsOf = (texts: readonly string[], made = whisper) =>
  grouped(texts, made).map(({ text }) => text);

describe('groupWords', () => {
  it('takes what stands between spaces as a word, with its punctuation', () => {
    expect(grouped([' Hello', ',', ' wor', 'ld', "'s", ' the', '.'])).toEqual([
      { text: 'Hello,', tokens: [0, 1] },
      { text: "world's", tokens: [2, 4] },
      { text: 'the.', tokens: [5, 6] },
    ]);
  });

  it('keeps numbers and names with marks inside in one piece', () => {
    expect(textsOf([' 3', '.', '5', ' Hello', '-', 'hello'])).toEqual(['3.5', 'Hello-hello']);
  });

  it('joins a mark that stands alone to the word it belongs to', () => {
    expect(textsOf([' the', ' -', ' Hello', ' "', ' wor', 'ld', ' ', '.', ' ', ')'])).toEqual([
      'the',
      '- Hello',
      '" world . )',
    ]);
    expect(textsOf([' Hello', ' -'])).toEqual(['Hello -']);
    expect(textsOf([' -'])).toEqual(['-']);
  });

  it('finds the words of text whose decoder takes the first space away', () => {
    expect(grouped([' Hello', ' wor', 'ld', '.', ' the'], moonshine)).toEqual([
      { text: 'Hello', tokens: [0, 0] },
      { text: 'world.', tokens: [1, 3] },
      { text: 'the', tokens: [4, 4] },
    ]);
  });

  it('keeps tokens of one character together', () => {
    const ids = [...whisper.bytes(' é'), ...whisper.bytes('😀'), whisper.id(' the')];
    const words = groupWords(
      ids,
      ids.map(() => 0),
      openTokenizer(whisper.json),
    );
    expect(words.map(({ text, lastToken }) => [text, lastToken])).toEqual([
      ['é😀', 6],
      ['the', 7],
    ]);
  });

  it('keeps tokens together of which one ends a character and begins another', () => {
    // é and 😀 in three tokens: the second holds the end of one and the start of the other
    const ids = [
      ...whisper.bytes('é').slice(0, 1),
      whisper.id([0xa9, 0xf0]),
      whisper.id([0x9f, 0x98, 0x80]),
    ];
    const tokenizer = openTokenizer(whisper.json);
    expect(tokenizer.decode(ids)).toBe('é😀');
    expect(groupWords(ids, [0, 0, 0], tokenizer)).toEqual([
      { text: 'é😀', firstToken: 0, lastToken: 2, confidence: 1 },
    ]);
  });

  it('cuts text without spaces after punctuation', () => {
    expect(textsOf(['我', '们', '。', '喜欢', '我', '「', '我', '」', '喜欢'])).toEqual([
      '我们。',
      '喜欢我「我」',
      '喜欢',
    ]);
  });

  it('cuts long text without spaces at twelve characters', () => {
    const words = textsOf(Array.from({ length: 13 }, () => '喜欢'));
    expect(words.map((word) => word.length)).toEqual([12, 12, 2]);
    for (const word of textsOf(Array.from({ length: 20 }, () => ['สวัส', 'ดี']).flat()))
      expect(word.length).toBeLessThanOrEqual(12);
  });

  it('keeps a space between letters of such scripts inside a word', () => {
    const thai = ['สวัส', 'ดี', ' ', 'สวัส', 'ดี', 'สวัส', 'ดี'];
    expect(textsOf(thai)).toEqual(['สวัสดี สวัส', 'ดีสวัสดี']);
    expect(textsOf(['我', '们', '。', ' ', '喜欢'])).toEqual(['我们。', '喜欢']);
    expect(textsOf(['我', '们', ' Hello', ' ', '喜欢'])).toEqual(['我们', 'Hello', '喜欢']);
  });

  it('does not cut words of other scripts within such text', () => {
    const letters = 'internationalisation';
    expect(textsOf(['我', ...letters, '们', '喜欢'])).toEqual([`我${letters}们`, '喜欢']);
  });

  it('gives special tokens to no word', () => {
    expect(grouped(['<|0.00|>', ' Hello', '<|0.02|>', 'hello', '<|endoftext|>'])).toEqual([
      { text: 'Hello', tokens: [1, 1] },
      { text: 'hello', tokens: [3, 3] },
    ]);
  });

  it('gives the mean probability of the tokens as confidence', () => {
    const ids = [whisper.id(' wor'), whisper.id('ld'), whisper.id(' the')];
    const words = groupWords(
      ids,
      [Math.log(0.5), Math.log(0.9), 0, -3],
      openTokenizer(whisper.json),
    );
    expect(words[0]?.confidence).toBeCloseTo(0.7);
    expect(words[1]?.confidence).toBe(1);
  });

  it('gives the words of Whisper itself for plain sentences', () => {
    const sentence = [
      ' Hello',
      ',',
      ' wor',
      'ld',
      ' "',
      'hello',
      '"',
      ' (',
      'the',
      ')',
      ' the',
      '?',
    ];
    const ids = sentence.flatMap((text) =>
      whisper.id(text) < 0 ? whisper.bytes(text) : [whisper.id(text)],
    );
    const reference = new WhisperTokenizer(JSON.parse(whisper.json), {}) as unknown as {
      combineTokensIntoWords(ids: number[]): [string[], number[][], number[][]];
    };
    const [words, , indices] = reference.combineTokensIntoWords(ids);
    const own = groupWords(
      ids,
      ids.map(() => 0),
      openTokenizer(whisper.json),
    );
    expect(own.map(({ text }) => text)).toEqual(words.map((word) => word.trim()));
    expect(own.map(({ firstToken, lastToken }) => [firstToken, lastToken])).toEqual(
      indices.map((all) => [all[0], all.at(-1)]),
    );
  });

  it('makes words of which any text can be written again as the model wrote it', () => {
    for (const made of [whisper, moonshine]) {
      const tokenizer = openTokenizer(made.json);
      const id = fc.constantFrom(...TEXTS.map((text) => made.id(text)));
      fc.assert(
        fc.property(fc.array(id, { maxLength: 40 }), (ids) => {
          const words = groupWords(ids, [], tokenizer).map(({ text }) => text);
          const atPunctuation = /(?<=\p{P}) | (?=\p{P})/gu;
          const plain = (text: string) =>
            text.replace(/ +/g, ' ').replace(atPunctuation, '').trim();
          expect(plain(joinWords(words))).toBe(plain(tokenizer.decode(ids)));
        }),
        { numRuns: 1000 },
      );
    }
  });

  it('makes of any tokens the decoded text but for spaces, each token in one word at most', () => {
    for (const made of [whisper, moonshine]) {
      const tokenizer = openTokenizer(made.json);
      const [first = 0] = made.bytes('\0');
      const id = fc.oneof(
        fc.constantFrom(...TEXTS.map((text) => made.id(text))),
        fc.integer({ min: first, max: first + 255 }),
      );
      fc.assert(
        fc.property(fc.array(id, { maxLength: 40 }), (ids) => {
          const words = groupWords(
            ids,
            ids.map(() => -1),
            tokenizer,
          );
          const plain = (text: string) => text.replace(/\s/gu, '');
          expect(plain(words.map(({ text }) => text).join(''))).toBe(plain(tokenizer.decode(ids)));
          let free = 0;
          for (const { text, firstToken, lastToken } of words) {
            expect(text).toBe(text.trim());
            expect(text).not.toBe('');
            expect(firstToken).toBeGreaterThanOrEqual(free);
            expect(lastToken).toBeGreaterThanOrEqual(firstToken);
            expect(lastToken).toBeLessThan(ids.length);
            free = lastToken + 1;
          }
        }),
        { numRuns: 300 },
      );
    }
  });
});
