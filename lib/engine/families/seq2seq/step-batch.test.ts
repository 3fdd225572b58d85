import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { InferenceRuntime } from '@/lib/engine/runtime/runtime';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { whisperFiles } from '@/tools/random-models/whisper';
import type { DecoderBatch, GenerateOptions } from './decoder';
import { openLoop } from './loop/loop';
import { type OpenedDecoder, openDecoder } from './open';
import { CachedBatch } from './search/batch';
import { StepBatch } from './step-batch';
import { openSteps } from './step-decoder';

const [WIDTH, ROWS, FRAMES] = [64, 3, 24];
/** Tokens that rounding hardly changes. */
const SOME = 5;
const hints = { heads: 2, headSize: 32, frames: [12, FRAMES], rows: ROWS };

const filesOf = (precision: 'fp32' | 'q8') =>
  whisperFiles({
    ...{ seed: 2, precision, multilingual: true, publishedVocabulary: false },
    size: { width: WIDTH, layers: 2, heads: 2, hidden: 128, mels: 80 },
    crossAttentions: true,
    shortestWindow: 2,
    habits: { contrast: 4.5, looping: false, silent: false },
  });
const files = filesOf('q8');
const graph = files.get('onnx/decoder_model_merged_quantized.onnx') ?? new Uint8Array(0);
const generation = JSON.parse(
  new TextDecoder().decode(files.get('generation_config.json')),
) as Record<string, number>;
const START = generation.decoder_start_token_id ?? Number.NaN;
const END = generation.eos_token_id ?? Number.NaN;
const FIRST_TIME = (generation.no_timestamps_token_id ?? Number.NaN) + 1;

/** Encoder output that differs from row to row. */
function encoded(rows = ROWS, frames = FRAMES) {
  const data = Float32Array.from(
    { length: rows * frames * WIDTH },
    (_, at) => Math.sin(at * 0.37 + Math.floor(at / (frames * WIDTH)) * 1.7) * 0.8,
  );
  return new nodeRuntime.Tensor('float32', data, [rows, frames, WIDTH]);
}

const options = (change: Partial<GenerateOptions> = {}): GenerateOptions => ({
  prompts: Array.from({ length: ROWS }, (_, row) => [START, START + 1 + row]),
  endId: END,
  maxTokens: 40,
  limits: {
    suppressed: [START],
    timestamps: { firstId: FIRST_TIME, endId: END, maxInitial: 50, monotonic: true },
  },
  suppressedFirst: [END],
  temperature: 0,
  random: () => 0.5,
  signal: new AbortController().signal,
  ...change,
});
const tokensOf = async (batch: DecoderBatch, change: Partial<GenerateOptions> = {}) =>
  (await batch.generate(options(change))).map(({ tokens }) => tokens);

/** Root mean square of the differences, of that of the values. */
function distance(found: Float32Array, right: Float32Array = new Float32Array(0)): number {
  const squares = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
  const apart = found.map((value, at) => value - (right[at] ?? Number.NaN));
  return Math.sqrt(squares(apart) / squares(right));
}

describe('a decoder on the compiled kernels', () => {
  let decoder: OpenedDecoder;
  let loop: OpenedDecoder;
  beforeAll(async () => {
    decoder = await openDecoder(nodeRuntime, graph, hints);
    loop = await openDecoder(nodeRuntime, graph, { ...hints, frames: [] });
  });
  afterAll(async () => {
    await decoder.release();
    await loop.release();
  });

  /** The same windows on the kernels and in the loop. */
  async function both<T>(
    ask: (batch: DecoderBatch) => Promise<T>,
    frames = FRAMES,
  ): Promise<[T, T]> {
    const batches = [
      decoder.begin(encoded(ROWS, frames)),
      loop.begin(encoded(ROWS, frames)),
    ] as const;
    expect(batches[0]).toBeInstanceOf(StepBatch);
    expect(batches[1]).toBeInstanceOf(CachedBatch);
    try {
      return [await ask(batches[0]), await ask(batches[1])];
    } finally {
      for (const batch of batches) batch.dispose();
    }
  }

  it('is opened where the export is known, and says so', () => {
    expect(decoder.run).toEqual({ part: 'decoder', by: 'kernels', reason: null });
    expect(loop.run).toMatchObject({ by: 'loop' });
  });

  it.each([
    ['with times', {}],
    ['without times', { limits: { suppressed: [START], timestamps: null } }],
  ])('takes the tokens that the graph takes, %s', async (_, change) => {
    // the graph rounds all rows together, to bytes, and random weights make more and more of it
    const [ours, theirs] = await both((batch) =>
      batch.generate(options({ maxTokens: SOME, ...change })),
    );
    const alike = ours.map(({ tokens }, row) => {
      const apart = tokens.findIndex((token, at) => token !== theirs[row]?.tokens[at]);
      return apart < 0 ? tokens.length : apart;
    });
    expect(Math.min(...alike)).toBeGreaterThan(0);
    expect(alike.filter((length) => length === SOME).length).toBeGreaterThan(1);
    for (const [row, { logProbs }] of ours.entries())
      for (const [at, logProb] of logProbs.slice(0, alike[row]).entries())
        expect(Math.abs(logProb - (theirs[row]?.logProbs[at] ?? Number.NaN))).toBeLessThan(0.4);
    expect(new Set(ours.flatMap(({ tokens }) => tokens)).size).toBeGreaterThan(3);
  });

  it('gives a row the same whatever is in the others, and however many they are', async () => {
    const all = decoder.begin(encoded());
    const together = await all.generate(options());
    all.dispose();
    const whole = encoded();
    const size = FRAMES * WIDTH;
    for (let row = 0; row < ROWS; row++) {
      const data = (whole.data as Float32Array).slice(row * size, (row + 1) * size);
      const one = decoder.begin(new nodeRuntime.Tensor('float32', data, [1, FRAMES, WIDTH]));
      const [alone] = await one.generate(options({ prompts: [[START, START + 1 + row]] }));
      one.dispose();
      expect(alone).toEqual(together[row]);
    }
  });

  it('gives a row of fewer frames what it gives it alone', async () => {
    const counts = [12, FRAMES, 12];
    const size = FRAMES * WIDTH;
    const all = decoder.begin(encoded(), counts);
    const together = await all.generate(options());
    const shown = await all.crossAttention(0, [START, 1, 2], [[0, 0]]);
    all.dispose();
    for (const [row, count] of counts.entries()) {
      const from = row * size;
      const data = (encoded().data as Float32Array).slice(from, from + count * WIDTH);
      const one = decoder.begin(new nodeRuntime.Tensor('float32', data, [1, count, WIDTH]));
      const [alone] = await one.generate(options({ prompts: [[START, START + 1 + row]] }));
      if (row === 0) expect(await one.crossAttention(0, [START, 1, 2], [[0, 0]])).toEqual(shown);
      one.dispose();
      expect(alone).toEqual(together[row]);
    }
    expect(decoder.takesLengths).toBe(true);
    expect(loop.takesLengths).toBe(false);
    expect(() => loop.begin(encoded(), counts)).toThrow('different lengths');
  });

  it('takes a long prompt as it takes a short one, however many tokens go in at once', async () => {
    const prompt = Array.from({ length: 30 }, (_, at) => 2 + 7 * at);
    const data = (encoded(1, 12).data as Float32Array).slice();
    const rows: unknown[] = [];
    // one at a time, two, and eight
    for (const count of [6, ROWS, 1]) {
      const repeated = Float32Array.from(
        { length: count * data.length },
        (_, at) => data[at % data.length] ?? 0,
      );
      const batch = decoder.begin(new nodeRuntime.Tensor('float32', repeated, [count, 12, WIDTH]));
      expect(batch).toBeInstanceOf(StepBatch);
      const prompts = Array.from({ length: count }, () => prompt);
      rows.push((await batch.generate(options({ prompts })))[0]);
      batch.dispose();
    }
    expect(rows[1]).toEqual(rows[0]);
    expect(rows[2]).toEqual(rows[0]);
  });

  it('gives the logits after the first token, of windows of any length, and continues from it', async () => {
    for (const frames of [12, FRAMES, 12]) {
      const [ours, theirs] = await both(async (batch) => {
        const logits = await batch.firstLogits(START);
        return { logits, tokens: await tokensOf(batch, { maxTokens: 1 }) };
      }, frames);
      expect(ours.tokens).toEqual(theirs.tokens);
      for (const [row, logits] of ours.logits.entries())
        expect(distance(logits, theirs.logits[row])).toBeLessThan(0.1);
    }
  });

  it('gives the same text again, whatever was tried in between', async () => {
    const batch = decoder.begin(encoded());
    const first = await tokensOf(batch);
    const drawn = await tokensOf(batch, { temperature: 1, random: () => 0.9 });
    expect(drawn).not.toEqual(first);
    expect(await tokensOf(batch)).toEqual(first);
    batch.dispose();
  });

  it('draws next to nothing but the most probable token at a temperature near 0', async () => {
    const [greedy] = await both((batch) => tokensOf(batch));
    const [drawn] = await both((batch) => tokensOf(batch, { temperature: 1e-6 }));
    expect(drawn).toEqual(greedy);
  });

  it('shows where words were recognised as the graph does', async () => {
    const [ours, theirs] = await both((batch) => batch.crossAttention(1, [START, 1, 2], [[0, 0]]));
    expect(ours).toHaveLength(1);
    expect(ours).toEqual(theirs);
  });

  it('ends rows where the caller says so, and all when the call is cancelled', async () => {
    const [whole] = await both((batch) => tokensOf(batch));
    const [rows] = await both((batch) =>
      tokensOf(batch, { shouldStop: (tokens, row) => row === 1 && tokens.length > 2 }),
    );
    expect(rows[0]).toEqual(whole[0]);
    expect(rows[1]?.length).toBeLessThanOrEqual(whole[1]?.length ?? 0);
    const batch = decoder.begin(encoded());
    await expect(batch.generate(options({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: 'ABORTED',
    });
    batch.dispose();
  });

  it('leaves to the loop what it has no room for, and a batch beside another', () => {
    const one = decoder.begin(encoded());
    const beside = decoder.begin(encoded());
    const many = loop.begin(encoded(9));
    expect(beside).toBeInstanceOf(CachedBatch);
    one.dispose();
    const again = decoder.begin(encoded());
    expect(again).toBeInstanceOf(StepBatch);
    again.dispose();
    for (const batch of [decoder.begin(encoded(9)), decoder.begin(encoded(1, 36))]) {
      expect(batch).toBeInstanceOf(CachedBatch);
      batch.dispose();
    }
    beside.dispose();
    many.dispose();
  });

  it('is not used where its logits are not those of the graph', async () => {
    const runner = await openLoop(nodeRuntime, graph, [], hints);
    if (!runner) throw new Error('The graph is of another build.');
    const other = {
      ...runner,
      prompt: async (...given: Parameters<typeof runner.prompt>) => {
        const result = await runner.prompt(...given);
        return { ...result, logits: result.logits.map((row) => row.toReversed()) };
      },
    };
    await expect(
      openSteps(nodeRuntime, { graph, externalData: [] }, other, { frames: [12] }),
    ).rejects.toMatchObject({
      code: 'RECOGNISE_FAILED',
    });
    await runner.release();
  });

  it('opens no graph where the two are known to agree, until it is to show where words were recognised', async () => {
    let opened = 0;
    const counting: InferenceRuntime = {
      ...nodeRuntime,
      open: (...given) => {
        opened += 1;
        return nodeRuntime.open(...given);
      },
    };
    const vocabulary = decoder.vocabularySize;
    const readAgain = vi.fn(async () => ({ graph, externalData: [] }));
    const alone = await openDecoder(counting, graph, {
      ...{ ...hints, vocabulary, checked: true, readAgain },
    });
    expect(alone.run).toEqual(decoder.run);
    expect(alone.hasCrossAttention).toBe(true);
    const batches = [alone.begin(encoded()), decoder.begin(encoded())] as const;
    const [ours, theirs] = await Promise.all(batches.map((batch) => tokensOf(batch)));
    expect(ours).toEqual(theirs);
    expect(opened).toBe(0);
    expect(readAgain).not.toHaveBeenCalled();
    const [shown, right] = await Promise.all(
      batches.map((batch) => batch.crossAttention(1, [START, 1, 2], [[0, 0]])),
    );
    expect(shown).toEqual(right);
    // beside another batch it has to
    const beside = [alone.begin(encoded()), decoder.begin(encoded())] as const;
    expect(await tokensOf(beside[0])).toEqual(await tokensOf(beside[1]));
    expect(opened).toBe(1);
    expect(readAgain).toHaveBeenCalledOnce();
    for (const batch of [...batches, ...beside]) batch.dispose();
    await alone.release();
  });

  it('is opened as ever where the two are said to agree and the kernels do not know the weights', async () => {
    const floats = filesOf('fp32').get('onnx/decoder_model_merged.onnx') ?? new Uint8Array(0);
    const vocabulary = decoder.vocabularySize;
    const opened = await openDecoder(nodeRuntime, floats, { ...hints, vocabulary, checked: true });
    expect(opened.run).toMatchObject({ by: 'loop', reason: expect.stringContaining('kernels') });
    await opened.release();
  });

  it('leaves weights of 32 bits to the loop', async () => {
    const floats = filesOf('fp32').get('onnx/decoder_model_merged.onnx') ?? new Uint8Array(0);
    const opened = await openDecoder(nodeRuntime, floats, hints);
    expect(opened.run).toMatchObject({ by: 'loop', reason: expect.stringContaining('kernels') });
    await opened.release();
  });
});
