import { beforeAll, describe, expect, it } from 'vitest';
import type { InferenceSession, Tensors } from '../../lib/engine/runtime/runtime';
import { nodeRuntime } from '../../lib/engine/runtime/test-runtime';
import { randomFloats } from './graph';
import { generate, type ModelBytes } from './presets';
import { described, MergedRunner } from './test-merged';
import { type Hear, openPipeline, recordings } from './test-pipeline';

const json = (files: ModelBytes, path: string) =>
  JSON.parse(new TextDecoder().decode(files.get(path)));

describe.each([
  { name: 'moonshine-random', dtype: 'fp32' },
  { name: 'moonshine-random-q8', dtype: 'q8' },
] as const)('$name', ({ name, dtype }) => {
  let files: ModelBytes;
  let encoder: InferenceSession;
  let decoder: InferenceSession;
  let hear: Hear;
  beforeAll(async () => {
    files = generate(name);
    const suffix = dtype === 'q8' ? '_quantized' : '';
    const open = (part: string) =>
      nodeRuntime.open(files.get(`onnx/${part}${suffix}.onnx`) ?? new Uint8Array());
    encoder = await open('encoder_model');
    decoder = await open('decoder_model_merged');
    hear = await openPipeline(files, dtype);
  });

  async function encode(rows: number, samples: number) {
    const wave = randomFloats(4, 'wave', rows * samples, 0.1);
    const input = new nodeRuntime.Tensor('float32', wave, [rows, samples]);
    const { last_hidden_state: encoded } = await encoder.run({ input_values: input }, [
      'last_hidden_state',
    ]);
    if (!encoded) throw new Error('The encoder gave nothing.');
    return encoded;
  }

  it('has the published inputs and outputs', () => {
    expect(described(encoder.inputs)).toEqual(['input_values float32 [batch_size, num_samples]']);
    expect(described(encoder.outputs)).toEqual([
      'last_hidden_state float32 [batch_size, encoder_sequence_length, 48]',
    ]);
    const cache = (prefix: string, part: string, time: string) =>
      ['key', 'value'].map(
        (kind) => `${prefix}.${part}.${kind} float32 [batch_size, 4, ${time}, 12]`,
      );
    const layers = ['past_key_values.0', 'past_key_values.1'];
    expect(described(decoder.inputs)).toEqual([
      'input_ids int64 [batch_size, decoder_sequence_length]',
      'encoder_hidden_states float32 [batch_size, encoder_sequence_length, 48]',
      ...layers.flatMap((layer) => [
        ...cache(layer, 'decoder', 'past_decoder_sequence_length'),
        ...cache(layer, 'encoder', 'encoder_sequence_length_out'),
      ]),
      'use_cache_branch bool [1]',
    ]);
    const all = 'past_decoder_sequence_length + decoder_sequence_length';
    const size = json(files, 'config.json').vocab_size;
    expect(described(decoder.outputs)).toEqual([
      `logits float32 [batch_size, decoder_sequence_length, ${size}]`,
      ...layers.flatMap((layer) => [
        ...cache(layer.replace('past_key_values', 'present'), 'decoder', all),
        ...cache(
          layer.replace('past_key_values', 'present'),
          'encoder',
          'encoder_sequence_length_out',
        ),
      ]),
    ]);
  });

  it('gives one frame for 384 samples', async () => {
    // convolutions of 127, 7 and 3 without padding, in steps of 64, 3 and 2
    expect((await encode(2, 16_000)).dims).toEqual([2, 40, 48]);
    expect((await encode(1, 32_000)).dims).toEqual([1, 82, 48]);
  });

  it('gives the same logits with past as without', async () => {
    const rows = [
      [1, 300, 301, 302, 20],
      [1, 310, 290, 21, 320],
    ];
    // bytes round each run's inputs by their own range
    const limit = dtype === 'q8' ? 5 : 1e-4;
    const runner = new MergedRunner(decoder);
    expect(await runner.cacheError(rows, await encode(2, 24_000), 1)).toBeLessThan(limit);
  });

  it('computes no encoder keys and values with past', async () => {
    const runner = new MergedRunner(decoder);
    const encoded = await encode(1, 16_000);
    const first = await runner.run([[1]], encoded);
    expect(first['present.1.encoder.key']?.dims).toEqual([1, 4, 40, 12]);
    const past: Tensors = runner.next(first);
    const second = await runner.run([[300]], encoded, past);
    expect(second['present.1.encoder.key']?.dims).toEqual([0, 4, 1, 12]);
    expect(second['present.1.decoder.key']?.dims).toEqual([1, 4, 2, 12]);
  });

  it('has the vocabulary that its tokenizer says', () => {
    const { model, added_tokens: added } = json(files, 'tokenizer.json');
    const ids = new Set([
      ...Object.values(model.vocab),
      ...added.map(({ id }: { id: number }) => id),
    ]);
    expect(ids.size).toBe(json(files, 'config.json').vocab_size);
    expect([model.vocab['<s>'], model.vocab['</s>'], model.vocab['<0x00>']]).toEqual([1, 2, 3]);
  });

  it('says varied words, others of other audio, and comes to an end', async () => {
    const texts = [];
    for (const pcm of await recordings())
      texts.push((await hear(pcm, { max_new_tokens: 100 })).text.trim());
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts) {
      const words = text.split(' ');
      expect(words.length, text).toBeGreaterThan(4);
      expect(words.length, text).toBeLessThan(80);
      // how much it repeats itself in 8 bits depends on how the processor rounds
      expect(new Set(words).size, text).toBeGreaterThan(dtype === 'q8' ? 3 : words.length / 4);
    }
  });
});
