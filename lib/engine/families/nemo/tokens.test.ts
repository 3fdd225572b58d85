import { describe, expect, it } from 'vitest';
import { nemoPieces, tokenizerJson, tokenLines } from '@/tools/random-models/nemo-tokens';
import { parseTokens } from './tokens';

const read = (text: string) => parseTokens(new TextEncoder().encode(text));

describe('parseTokens', () => {
  it('reads a piece and its id on each line, in any order and with any line ends', () => {
    const tokens = read('<unk> 0\r\n▁the 2\r\n▁ 1\n. 3\n<blk> 4\n');
    expect(tokens).toMatchObject({ blank: 4, classes: 5 });
    expect(tokens.decode([2, 1, 3])).toBe(' the .');
    expect(tokens.idOf('▁the')).toBe(2);
    expect(tokens.idOf('the')).toBeNull();
  });

  it('reads the vocabulary of a tokenizer.json, with the tokens added to it', () => {
    const pieces = nemoPieces('<pad>');
    const tokens = read(JSON.stringify(tokenizerJson(pieces)));
    const listed = read(tokenLines(pieces));
    expect(tokens).toMatchObject({ blank: pieces.length - 1, classes: pieces.length });
    const ids = pieces.map((_, id) => id);
    expect(tokens.decode(ids)).toBe(listed.decode(ids));
    expect(tokens.isSpecial(0)).toBe(true);
  });

  it('reads the vocabulary of a Unigram tokenizer, which has pieces in order', () => {
    const vocab = [
      ['<unk>', 0],
      ['▁a', -1.5],
    ];
    const tokens = read(
      JSON.stringify({ model: { vocab }, added_tokens: [{ id: 2, content: '<pad>' }] }),
    );
    expect(tokens).toMatchObject({ blank: 2, classes: 3 });
    expect(tokens.decode([1])).toBe(' a');
  });

  it('takes the blank from behind the last piece where none is named', () => {
    expect(read('▁a 0\nb 1\n')).toMatchObject({ blank: 2, classes: 3 });
  });

  it('prefers the blank to padding, which the multilingual vocabulary also has', () => {
    expect(read('<unk> 0\n<pad> 1\n▁a 2\n<blk> 3\n').blank).toBe(3);
  });

  it('gives no text for special pieces, the blank and ids that are not there', () => {
    const tokens = read('<|nospeech|> 0\n▁é 1\n< 2\n<blk> 5\n');
    expect([0, 1, 2, 3, 5, 99].map(tokens.isSpecial)).toEqual([
      true,
      false,
      false,
      true,
      true,
      true,
    ]);
    expect(tokens.decode([0, 1, 2, 3, 5, 99])).toBe(' é<');
    expect(tokens.decode([0, 1], { keepSpecial: true })).toBe('<|nospeech|> é');
  });

  it.each([
    ['nothing', ''],
    ['a line without an id', '▁a 0\n▁b\n'],
    ['an id beyond any vocabulary', '▁a 99999999999\n'],
    ['JSON that is cut off', '{"model": {'],
    ['JSON without a vocabulary', '{"model": {}}'],
  ])('refuses %s', (_, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }));
  });
});
