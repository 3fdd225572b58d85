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
import { STEP_WINDOWS } from './step-kernels';

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

  it('copies a text from slot to slot, with the window that it is of', async () => {
    const runner = await openLoop(nodeRuntime, graph, [], hints);
    if (!runner) throw new Error('The graph is of another build.');
    const opened = await openSteps(nodeRuntime, { graph, externalData: [] }, runner, hints);
    if (!opened) throw new Error('There are no kernels.');
    const { steps } = opened;
    const data = encoded().data as Float32Array;
    const size = FRAMES * WIDTH;
    steps.begin([data.slice(0, size), data.slice(size, size + 12 * WIDTH)]);
    // more than one block of the cache
    const text = Array.from({ length: 21 }, (_, at) => 2 + 7 * at);
    const put = (slot: number) =>
      text.forEach((token, position) => void steps.put([{ slot, position, token }]));
    put(0);
    put(1);
    const last = steps.slots - 1;
    steps.copySlot(1, last, text.length);
    const next = { position: text.length, token: 5 };
    steps.step([0, 1, last].map((slot) => ({ slot, ...next })));
    const [other, own, copied] = [0, 1, 2].map((row) => steps.logits(row).slice());
    expect(copied).toEqual(own);
    expect(copied).not.toEqual(other);
    steps.release();
    await runner.release();
  });

  it('keeps several texts of a row, and takes one that is at least as probable', async () => {
    const means = async (change: Partial<GenerateOptions>) => {
      const batch = decoder.begin(encoded());
      const rows = await batch.generate(options({ maxTokens: 12, ...change }));
      batch.dispose();
      return rows;
    };
    const limits = { suppressed: [START, END], timestamps: null };
    const mean = ({ logProbs }: { logProbs: number[] }) =>
      logProbs.reduce((a, b) => a + b, 0) / logProbs.length;
    const [one, several] = [await means({ limits }), await means({ limits, beamWidth: 3 })];
    for (const [row, found] of several.entries())
      expect(mean(found)).toBeGreaterThanOrEqual(mean(one[row] ?? found));
    expect(several.map(({ tokens }) => tokens)).not.toEqual(one.map(({ tokens }) => tokens));
    // what it says of them is what the decoder says of such a text
    const forced = several.map(({ tokens }, row) => [
      START,
      START + 1 + row,
      ...tokens.slice(0, 6),
    ]);
    const batch = decoder.begin(encoded());
    const after = await batch.generate(options({ limits, prompts: forced, maxTokens: 1 }));
    batch.dispose();
    for (const [row, { tokens, logProbs }] of several.entries())
      if (after[row]?.tokens[0] === tokens[6])
        expect(after[row]?.logProbs[0]).toBeCloseTo(logProbs[6] ?? Number.NaN, 4);
    expect(after.some(({ tokens }, row) => tokens[0] === several[row]?.tokens[6])).toBe(true);
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
    const heads = [
      [1, 0],
      [0, 1],
    ] as const;
    // more than go in at once
    const text = [START, ...Array.from({ length: 60 }, (_, at) => 2 + 7 * at)];
    const [ours, theirs] = await both((batch) => batch.crossAttention(1, text, heads));
    expect(ours?.map(({ length }) => length)).toEqual([61 * FRAMES, 61 * FRAMES]);
    for (const [at, weights] of (ours ?? []).entries())
      expect(distance(weights, theirs?.[at])).toBeLessThan(0.05);
    const [first, second] = ours ?? [];
    expect(distance(first ?? new Float32Array(0), second)).toBeGreaterThan(0.1);
  });

  it('shows nothing for heads that do not exist, nor for a text longer than texts may be', async () => {
    const batch = decoder.begin(encoded());
    expect(await batch.crossAttention(0, [START, 1], [[2, 0]])).toBeNull();
    expect(await batch.crossAttention(0, [START, 1], [[0, 2]])).toBeNull();
    expect(await batch.crossAttention(0, [START, 1], [])).toBeNull();
    const long = Array.from({ length: 500 }, () => 1);
    expect(await batch.crossAttention(0, long, [[0, 0]])).toBeNull();
    batch.dispose();
  });

  it('writes the same after attention was shown, whatever the text began with', async () => {
    const batch = decoder.begin(encoded());
    const before = await tokensOf(batch);
    for (const text of [
      [START, 5, 9],
      [7, 5, 9],
    ]) {
      await batch.crossAttention(1, text, [[0, 0]]);
      expect(await tokensOf(batch)).toEqual(before);
    }
    batch.dispose();
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
    const many = loop.begin(encoded(STEP_WINDOWS + 1));
    expect(beside).toBeInstanceOf(CachedBatch);
    one.dispose();
    const again = decoder.begin(encoded());
    expect(again).toBeInstanceOf(StepBatch);
    again.dispose();
    for (const batch of [decoder.begin(encoded(STEP_WINDOWS + 1)), decoder.begin(encoded(1, 36))]) {
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

  it('opens no graph when the two are known to agree, until a second batch is begun beside the first', async () => {
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
    const batches = [alone.begin(encoded()), decoder.begin(encoded())] as const;
    const [ours, theirs] = await Promise.all(batches.map((batch) => tokensOf(batch)));
    expect(ours).toEqual(theirs);
    const [shown, right] = await Promise.all(
      batches.map((batch) => batch.crossAttention(1, [START, 1, 2], [[0, 0]])),
    );
    expect(shown).toEqual(right);
    expect(opened).toBe(0);
    expect(readAgain).not.toHaveBeenCalled();
    const beside = [alone.begin(encoded()), decoder.begin(encoded())] as const;
    expect(await tokensOf(beside[0])).toEqual(await tokensOf(beside[1]));
    expect(opened).toBe(1);
    expect(readAgain).toHaveBeenCalledOnce();
    for (const batch of [...batches, ...beside]) batch.dispose();
    await alone.release();
  });

  it('is opened as usual when the two are said to agree and the kernels do not know the weights', async () => {
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
