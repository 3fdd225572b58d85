import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensors } from '../../lib/engine/runtime/runtime';
import { nodeRuntime } from '../../lib/engine/runtime/test-runtime';
import { randomFloats } from './graph';
import { generate, type ModelBytes } from './presets';
import { described, logitsOf, MergedRunner } from './test-merged';
import { type Hear, openPipeline, recordings } from './test-pipeline';

const json = (files: ModelBytes, path: string) =>
  JSON.parse(new TextDecoder().decode(files.get(path)));

const PRESETS = [
  { name: 'whisper-tiny-random', mels: 80, dtype: 'fp32', vocabulary: 1608 },
  { name: 'whisper-en-random', mels: 80, dtype: 'fp32', vocabulary: 1608 },
  { name: 'whisper-v3-random', mels: 128, dtype: 'fp32', vocabulary: 1609 },
  { name: 'whisper-timestamped-random', mels: 80, dtype: 'fp32', vocabulary: 1608 },
  { name: 'whisper-silent-random', mels: 80, dtype: 'fp32', vocabulary: 1608 },
  { name: 'whisper-looping-random', mels: 80, dtype: 'fp32', vocabulary: 1608 },
  { name: 'whisper-tiny-random-q8', mels: 80, dtype: 'q8', vocabulary: 1608 },
] as const;

async function open(files: ModelBytes, part: string) {
  const path = [...files.keys()].find((name) => name.startsWith(`onnx/${part}`));
  return nodeRuntime.open(files.get(path ?? '') ?? new Uint8Array());
}

/** What the encoder makes of random features: [rows, 1500, 48]. */
async function encode(files: ModelBytes, mels: number, rows: number) {
  const session = await open(files, 'encoder_model');
  const features = randomFloats(9, 'features', rows * mels * 3000, 0.5);
  const input = new nodeRuntime.Tensor('float32', features, [rows, mels, 3000]);
  const { last_hidden_state: encoded } = await session.run({ input_features: input }, [
    'last_hidden_state',
  ]);
  if (!encoded) throw new Error('no output');
  return { session, encoded };
}

describe.each(PRESETS)('$name', ({ name, mels, dtype, vocabulary }) => {
  let files: ModelBytes;
  let encoder: Awaited<ReturnType<typeof encode>>;
  let decoder: MergedRunner;
  let inputs: string[];
  let outputs: string[];
  let size: number;
  let start: number[];
  beforeAll(async () => {
    files = generate(name);
    encoder = await encode(files, mels, 2);
    const session = await open(files, 'decoder_model_merged');
    inputs = described(session.inputs);
    outputs = described(session.outputs);
    decoder = new MergedRunner(session);
    size = json(files, 'config.json').vocab_size;
    const generation = json(files, 'generation_config.json');
    start = [generation.decoder_start_token_id, generation.no_timestamps_token_id];
  });

  it('is small, and the same every time', () => {
    const bytes = [...files.values()].reduce((sum, file) => sum + file.length, 0);
    expect(bytes).toBeLessThan(1_550_000);
    // compared as bytes: far faster than value by value
    for (const [path, again] of generate(name))
      expect(Buffer.compare(again, files.get(path) ?? Buffer.alloc(0)), path).toBe(0);
  });

  it('has the published inputs and outputs', () => {
    expect(described(encoder.session.inputs)).toEqual([
      `input_features float32 [batch_size, ${mels}, 3000]`,
    ]);
    expect(described(encoder.session.outputs)).toEqual([
      'last_hidden_state float32 [batch_size, 1500, 48]',
    ]);
    const layers = [0, 1];
    const cache = (prefix: string, layer: number, part: string, time: string) =>
      ['key', 'value'].map(
        (kind) => `${prefix}.${layer}.${part}.${kind} float32 [batch_size, 3, ${time}, 16]`,
      );
    const frames = 'encoder_sequence_length_out';
    expect(inputs).toEqual([
      'input_ids int64 [batch_size, decoder_sequence_length]',
      'encoder_hidden_states float32 [batch_size, 1500, 48]',
      ...layers.flatMap((layer) => [
        ...cache('past_key_values', layer, 'decoder', 'past_decoder_sequence_length'),
        ...cache('past_key_values', layer, 'encoder', frames),
      ]),
      'use_cache_branch bool [1]',
    ]);
    const all = 'past_decoder_sequence_length + decoder_sequence_length';
    const dims = 'batch_size, 3, decoder_sequence_length, 1500';
    expect(outputs).toEqual([
      `logits float32 [batch_size, decoder_sequence_length, ${size}]`,
      ...layers.flatMap((layer) => [
        ...cache('present', layer, 'decoder', all),
        ...cache('present', layer, 'encoder', frames),
      ]),
      ...(name === 'whisper-timestamped-random'
        ? layers.map((layer) => `cross_attentions.${layer} float32 [${dims}]`)
        : []),
    ]);
  });

  it('gives the same logits with past as without', async () => {
    const rows = [
      [...start, 300, 301, 302, 20],
      [...start, 310, 290, 21, 320],
    ];
    // bytes round each run's inputs by their own range
    const limit = dtype === 'q8' ? 2 : 1e-4;
    expect(await decoder.cacheError(rows, encoder.encoded, 2)).toBeLessThan(limit);
  });

  it('computes no encoder keys and values with past', async () => {
    const rows = [start, start];
    const first = await decoder.run(rows, encoder.encoded);
    expect(first['present.1.encoder.key']?.dims).toEqual([2, 3, 1500, 16]);
    const past: Tensors = decoder.next(first);
    const second = await decoder.run([[300], [301]], encoder.encoded, past);
    expect(second['present.1.encoder.key']?.dims).toEqual([0, 3, 1, 16]);
    expect(second['present.1.decoder.key']?.dims).toEqual([2, 3, start.length + 1, 16]);
  });

  it('has the vocabulary that its tokenizer says', () => {
    const { model, added_tokens: added } = json(files, 'tokenizer.json');
    expect(added).toHaveLength(vocabulary);
    expect(Object.keys(model.vocab).length + added.length).toBe(size);
    const ids = new Map(
      added.map((token: { content: string; id: number }) => [token.content, token.id]),
    );
    const generation = json(files, 'generation_config.json');
    expect(ids.get('<|notimestamps|>')).toBe(generation.no_timestamps_token_id);
    expect(ids.get('<|30.00|>')).toBe(size - 1);
    expect(generation.is_multilingual).toBe(name !== 'whisper-en-random');
  });
});

const sounds = await recordings();

describe('what random Whisper models do in transformers.js', () => {
  const models = new Map<string, Hear>();
  beforeAll(async () => {
    for (const { name, dtype } of PRESETS.filter(({ name }) => !name.includes('silent')))
      models.set(name, await openPipeline(generate(name), dtype));
  });
  const texts = (name: string, options = {}) =>
    Promise.all(sounds.map(async (pcm) => (await models.get(name)?.(pcm, options))?.text ?? ''));

  it.each(PRESETS.filter(({ name }) => !/silent|looping/.test(name)))(
    '$name says varied words, others of other audio, and comes to an end',
    async ({ name }) => {
      const heard = await texts(name, { max_new_tokens: 100 });
      expect(new Set(heard).size).toBe(sounds.length);
      for (const text of heard) {
        const words = text.trim().split(' ');
        expect(words.length, text).toBeGreaterThan(4);
        expect(words.length, text).toBeLessThan(80);
        expect(new Set(words).size, text).toBeGreaterThan(words.length / 4);
      }
    },
  );

  it('whisper-tiny-random gives times that increase', async () => {
    for (const pcm of sounds) {
      const options = { return_timestamps: true, max_new_tokens: 100 };
      const { chunks = [] } = (await models.get('whisper-tiny-random')?.(pcm, options)) ?? {};
      expect(chunks.length).toBeGreaterThan(3);
      expect(chunks[0]?.timestamp[0]).toBeLessThanOrEqual(1);
      const starts = chunks.map(({ timestamp }) => timestamp[0] ?? 0);
      expect(Math.max(...starts)).toBeGreaterThan(5);
    }
  });

  it('whisper-timestamped-random gives times of words', async () => {
    const [pcm = new Float32Array()] = sounds;
    const hear = models.get('whisper-timestamped-random');
    const { chunks = [] } = (await hear?.(pcm, { return_timestamps: 'word' })) ?? {};
    expect(chunks.length).toBeGreaterThan(4);
    for (const { timestamp } of chunks)
      expect(timestamp[1]).toBeGreaterThanOrEqual(timestamp[0] ?? Number.NaN);
  });

  it('whisper-looping-random says the same word again and again', async () => {
    for (const text of await texts('whisper-looping-random', { max_new_tokens: 100 })) {
      const words = text.trim().split(' ');
      expect(words.length).toBeGreaterThan(60);
      expect(new Set(words).size, text).toBeLessThan(words.length / 4);
    }
  });
});

describe('what random Whisper models think of the start', () => {
  /** Probabilities behind `<|startoftranscript|>`, for several sounds. */
  async function first(name: string, seeds: readonly number[]) {
    const files = generate(name);
    const encoder = await open(files, 'encoder_model');
    const decoder = new MergedRunner(await open(files, 'decoder_model_merged'));
    const generation = json(files, 'generation_config.json');
    const languages: number[] = Object.values(generation.lang_to_id);
    const found = [];
    for (const seed of seeds) {
      const features = randomFloats(seed, 'features', 80 * 3000, 0.2 + 0.1 * seed);
      const input = new nodeRuntime.Tensor('float32', features, [1, 80, 3000]);
      const { last_hidden_state: encoded } = await encoder.run({ input_features: input }, [
        'last_hidden_state',
      ]);
      if (!encoded) throw new Error('The encoder gave nothing.');
      const start = [[generation.decoder_start_token_id]];
      const logits = logitsOf(await decoder.run(start, encoded), 0, 0);
      const sum = logits.reduce((whole, logit) => whole + Math.exp(logit), 0);
      // <|nospeech|> comes two before <|0.00|>
      const noSpeech = Math.exp(logits[logits.length - 1501 - 2] ?? 0) / sum;
      const language = languages.reduce((a, b) => ((logits[b] ?? 0) > (logits[a] ?? 0) ? b : a));
      found.push({ language, noSpeech });
    }
    return found;
  }

  it('finds other languages in other audio', async () => {
    const found = await first('whisper-tiny-random', [1, 2, 3, 4, 5]);
    expect(new Set(found.map(({ language }) => language)).size).toBeGreaterThan(1);
  });

  it('finds speech everywhere, and whisper-silent-random nowhere', async () => {
    for (const { noSpeech } of await first('whisper-tiny-random', [1, 2]))
      expect(noSpeech).toBeLessThan(0.01);
    for (const { noSpeech } of await first('whisper-silent-random', [1, 2]))
      expect(noSpeech).toBeGreaterThan(0.9);
  });
});
