import { PreTrainedTokenizer } from '@huggingface/transformers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moonshineTokenizer, whisperTokenizer } from './test-tokenizers';
import { openTokenizer } from './tokenizer';

/** Parts of characters too: a space and two bytes of 你, these alone, the end of é with the start of 😀. */
const whisper = whisperTokenizer([
  ' the',
  ' hello',
  'world',
  [0x20, 0xe4, 0xbd],
  [0xe4, 0xbd],
  [0xa9, 0xf0],
  '�',
  ' .',
]);
const moonshine = moonshineTokenizer([' hello', ' the', 'world', 'é', '�', ' ']);

it('writes texts in tokens, as the merges of the vocabulary say', () => {
  const json = JSON.parse(whisper.json);
  json.model.merges = [
    ['h', 'e'],
    ['l', 'l'],
  ];
  json.model.vocab = { ...json.model.vocab, he: 900, ll: 901 };
  const { encode, decode } = openTokenizer(JSON.stringify(json));
  expect(encode('hello')).toEqual([900, 901, ...whisper.bytes('o')]);
  expect(decode(encode(' Hé llo'))).toBe(' Hé llo');
  expect(encode('')).toEqual([]);
});

describe.each([
  ['byte-level', whisper],
  ['byte-fallback', moonshine],
])('a %s tokenizer', (_, made) => {
  const tokenizer = openTokenizer(made.json);
  const reference = new PreTrainedTokenizer(JSON.parse(made.json), {
    // the library would otherwise take spaces away that the model wrote
    clean_up_tokenization_spaces: false,
  });

  it('writes what transformers.js writes, for any tokens that make whole characters', () => {
    const word = fc.constantFrom(
      ...[' the', ' hello', 'world', '�'].map((text) => [made.id(text)]),
    );
    const bytes = fc.string({ unit: 'grapheme', maxLength: 4 }).map((text) => made.bytes(text));
    const tokens = fc.array(fc.oneof(word, bytes), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(tokens, (parts) => {
        const ids = parts.flat();
        fc.pre(ids.length > 0);
        expect(tokenizer.decode(ids)).toBe(reference.decode(ids, { skip_special_tokens: true }));
      }),
    );
  });

  it('writes characters that are spread over several tokens', () => {
    expect(tokenizer.decode(made.bytes('naïve 你好 😀'))).toBe('naïve 你好 😀');
  });

  it('leaves out what makes no character, and keeps what the model wrote', () => {
    const broken = made.bytes('😀').slice(0, 3);
    const hello = made.id(' hello');
    const text = tokenizer.decode([hello]);
    expect(tokenizer.decode([hello, ...broken])).toBe(text);
    expect(tokenizer.decode([hello, ...broken, made.id('world')])).toBe(`${text}world`);
    expect(tokenizer.decode([hello, ...broken.slice(1)])).toBe(text);
    expect(tokenizer.decode(broken)).toBe('');
    expect(tokenizer.decode([hello, made.id('�'), ...broken, ...made.bytes('�')])).toBe(
      `${text}��`,
    );
  });

  it('never writes a replacement character for bytes in any order but those of one', () => {
    const replacement = Buffer.from('\uFFFD').toString('hex');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        fc.pre(!Buffer.from(bytes).toString('hex').includes(replacement));
        const [first = 0] = made.bytes('\0');
        expect(tokenizer.decode(Array.from(bytes, (byte) => first + byte))).not.toContain('\uFFFD');
      }),
    );
  });

  it('ignores ids that the vocabulary does not have', () => {
    expect(tokenizer.isSpecial(1e6)).toBe(true);
    expect(tokenizer.decode([1e6, made.id('world'), -1])).toBe('world');
    expect(tokenizer.decode([])).toBe('');
  });
});

describe('openTokenizer', () => {
  it('leaves special tokens and times out, or writes them when asked to', () => {
    const tokenizer = openTokenizer(whisper.json);
    const ids = ['<|en|>', '<|0.00|>', ' hello', '<|0.02|>', '<|endoftext|>'].map(whisper.id);
    expect(tokenizer.decode(ids)).toBe(' hello');
    expect(tokenizer.decode(ids, { keepSpecial: true })).toBe(
      '<|en|><|0.00|> hello<|0.02|><|endoftext|>',
    );
    expect(ids.map((id) => tokenizer.isSpecial(id))).toEqual([true, true, false, true, true]);
  });

  it('knows the ids of tokens', () => {
    const tokenizer = openTokenizer(whisper.json);
    expect(tokenizer.idOf('<|en|>')).toBe(whisper.id('<|en|>'));
    expect(tokenizer.idOf('Ġhello')).toBe(whisper.id(' hello'));
    expect(tokenizer.idOf('<|xx|>')).toBeNull();
  });

  it('keeps a space before punctuation that the model wrote', () => {
    const ids = [whisper.id(' hello'), whisper.id(' .')];
    expect(openTokenizer(whisper.json).decode(ids)).toBe(' hello .');
  });

  it.each(['', '{', '{}', '[]', 'null', '{"model":{"type":"BPE"}}', '{"model":{"vocab":3}}'])(
    'refuses %j, which is not a tokenizer',
    (json) => {
      expect(() => openTokenizer(json)).toThrow(
        expect.objectContaining({ code: 'MODEL_HASH_MISMATCH' }),
      );
    },
  );
});
