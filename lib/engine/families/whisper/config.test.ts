import { describe, expect, it } from 'vitest';
import { parseWhisperConfig, type SpecialTokens } from './config';

const noTokens: SpecialTokens = { idOf: () => null, decode: () => '' };

const sizes = { d_model: 384, decoder_attention_heads: 6 };

/** As whisper-tiny's files have it. */
const multilingual = {
  config: {
    model_type: 'whisper',
    num_mel_bins: 80,
    max_target_positions: 448,
    vocab_size: 51865,
    d_model: 384,
    decoder_attention_heads: 6,
    eos_token_id: 50257,
    something_else: { deep: true },
  },
  generation: {
    is_multilingual: true,
    decoder_start_token_id: 50258,
    eos_token_id: 50257,
    no_timestamps_token_id: 50363,
    lang_to_id: { '<|en|>': 50259, '<|de|>': 50261, '<|haw|>': 50352 },
    task_to_id: { transcribe: 50359, translate: 50358 },
    suppress_tokens: [1, 2, 7],
    begin_suppress_tokens: [220, 50257],
    max_length: 448,
    max_initial_timestamp_index: 50,
    alignment_heads: [
      [2, 2],
      [3, 0],
    ],
  },
};

function parse(config: object, generation: object, tokens = noTokens) {
  return parseWhisperConfig(JSON.stringify(config), JSON.stringify(generation), tokens);
}

describe('parseWhisperConfig', () => {
  it('reads the files of a multilingual model', () => {
    const { config, generation } = multilingual;
    const parsed = parse(config, generation);
    expect(parsed).toEqual({
      melBands: 80,
      vocabularySize: 51865,
      encoderHeads: 6,
      decoderLayers: 32,
      decoderHeads: 6,
      decoderHeadSize: 64,
      maxLength: 448,
      startId: 50258,
      endId: 50257,
      noTimesId: 50363,
      previousId: null,
      firstTimeId: 50364,
      noSpeechId: 50362,
      languages: new Map([
        ['en', 50259],
        ['de', 50261],
        ['haw', 50352],
      ]),
      tasks: { transcribe: 50359, translate: 50358 },
      suppressed: [1, 2, 7],
      suppressedFirst: [220, 50257],
      maxInitialTime: 50,
      alignmentHeads: [
        [2, 2],
        [3, 0],
      ],
      shortestWindow: 30,
    });
  });

  it('reads a model of English only, which has neither languages nor tasks', () => {
    const parsed = parse(
      { ...sizes, model_type: 'whisper', vocab_size: 51864, decoder_start_token_id: 50257 },
      { eos_token_id: [50256], no_timestamps_token_id: 50362, is_multilingual: false },
    );
    expect(parsed).toMatchObject({
      startId: 50257,
      endId: 50256,
      languages: null,
      tasks: null,
      alignmentHeads: null,
      melBands: 80,
      maxLength: 448,
    });
  });

  it('reads how short a window may be, which only models say that were trained on short ones', () => {
    const { config, generation } = multilingual;
    const shortest = (value: unknown) =>
      parse({ ...config, ai2text_shortest_window: value }, generation).shortestWindow;
    expect([shortest(2), shortest(2.5), shortest(null)]).toEqual([2, 2.5, 30]);
    expect(() => shortest(31)).toThrow(/ai2text_shortest_window/);
  });

  it('takes 128 bands from the third large model', () => {
    const { config, generation } = multilingual;
    expect(parse({ ...config, num_mel_bins: 128 }, generation).melBands).toBe(128);
  });

  it('finds in the tokenizer what an old generation_config.json lacks', () => {
    const names = new Map([
      [50257, '<|endoftext|>'],
      [50258, '<|startoftranscript|>'],
      [50259, '<|en|>'],
      [50260, '<|zh|>'],
      [50261, '<|haw|>'],
      [50262, '<|translate|>'],
      [50263, '<|transcribe|>'],
      [50264, '<|nocaptions|>'],
      [50265, '<|notimestamps|>'],
    ]);
    const parsed = parse(
      { ...sizes, vocab_size: 51865 },
      { max_length: null },
      {
        idOf: (token) => [...names].find(([, name]) => name === token)?.[0] ?? null,
        decode: (ids) => ids.map((id) => names.get(id) ?? '').join(''),
      },
    );
    expect(parsed).toMatchObject({
      startId: 50258,
      endId: 50257,
      noTimesId: 50265,
      noSpeechId: 50264,
      tasks: { transcribe: 50263, translate: 50262 },
      suppressed: [],
    });
    expect([...(parsed.languages ?? [])]).toEqual([
      ['en', 50259],
      ['zh', 50260],
      ['haw', 50261],
    ]);
  });

  it('leaves out the -1 that once meant "the usual tokens"', () => {
    const { config, generation } = multilingual;
    expect(parse(config, { ...generation, suppress_tokens: [-1] }).suppressed).toEqual([]);
  });

  it('refuses files of another kind of model, and says of which', () => {
    const { config, generation } = multilingual;
    expect(() => parse({ ...config, model_type: 'wav2vec2' }, generation)).toThrow(
      expect.objectContaining({
        code: 'MODEL_UNSUPPORTED',
        message: expect.stringContaining('wav2vec2'),
      }),
    );
    expect(() => parse({ ...config, num_mel_bins: 64 }, generation)).toThrow(
      expect.objectContaining({
        code: 'MODEL_UNSUPPORTED',
        message: expect.stringContaining('num_mel_bins'),
      }),
    );
  });

  it('refuses a model whose time tokens cannot be found', () => {
    const { config, generation } = multilingual;
    expect(() => parse(config, { ...generation, no_timestamps_token_id: null })).toThrow(
      expect.objectContaining({
        code: 'MODEL_UNSUPPORTED',
        message: expect.stringContaining('<|notimestamps|>'),
      }),
    );
  });

  it('takes a file that is not JSON for a damaged one', () => {
    expect(() => parseWhisperConfig('{"model_type":', '{}', noTokens)).toThrow(
      expect.objectContaining({ code: 'MODEL_HASH_MISMATCH' }),
    );
  });
});
