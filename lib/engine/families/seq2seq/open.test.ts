import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { MODEL } from '@/lib/engine/onnx/schema';
import { joinBytes, readFields } from '@/lib/engine/onnx/wire';
import { writeGraph } from '@/lib/engine/onnx/write';
import type { InferenceRuntime } from '@/lib/engine/runtime/runtime';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { generate } from '@/tools/random-models/presets';
import type { CachedDecoder, GenerateOptions } from './decoder';
import { rawFields } from './graph/merged-decoder';
import { type OpenedDecoder, openDecoder } from './open';

const files = generate('whisper-tiny-random');
const decoderFile = files.get('onnx/decoder_model_merged.onnx') ?? new Uint8Array(0);
const generation = JSON.parse(
  new TextDecoder().decode(files.get('generation_config.json')),
) as Record<string, number>;
const config = JSON.parse(new TextDecoder().decode(files.get('config.json'))) as Record<
  string,
  number
>;
const number = (from: Record<string, number>, name: string) => from[name] ?? Number.NaN;
const ROWS = 3;
const START = number(generation, 'decoder_start_token_id');
const END = number(generation, 'eos_token_id');
const FIRST_TIME = number(generation, 'no_timestamps_token_id') + 1;

/** Encoder output that differs from row to row. */
function encoded() {
  const width = number(config, 'd_model');
  const data = Float32Array.from(
    { length: ROWS * 1500 * width },
    (_, at) => Math.sin(at * 0.37 + Math.floor(at / (1500 * width)) * 1.7) * 0.8,
  );
  return new nodeRuntime.Tensor('float32', data, [ROWS, 1500, width]);
}

const timestamps = { firstId: FIRST_TIME, endId: END, maxInitial: 50, monotonic: true };

const options = (change: Partial<GenerateOptions> = {}): GenerateOptions => ({
  prompts: Array.from({ length: ROWS }, () => [START]),
  endId: END,
  maxTokens: 40,
  limits: { suppressed: [START], timestamps },
  suppressedFirst: [END],
  temperature: 0,
  random: () => 0.5,
  signal: new AbortController().signal,
  ...change,
});

describe('a merged decoder', () => {
  let loop: OpenedDecoder;
  let stepwise: CachedDecoder;

  beforeAll(async () => {
    loop = await openDecoder(nodeRuntime, decoderFile);
    stepwise = await openDecoder(nodeRuntime, decoderFile, { stepwise: true });
  });
  afterAll(async () => {
    await loop.release();
    await stepwise.release();
  });

  const generated = async (decoder: CachedDecoder, change: Partial<GenerateOptions> = {}) => {
    const batch = decoder.begin(encoded());
    try {
      return await batch.generate(options(change));
    } finally {
      batch.dispose();
    }
  };

  it('runs in the loop, without a reason not to', () => {
    expect(loop.run).toEqual({ part: 'decoder', by: 'loop', reason: null });
  });

  it.each([
    ['with times', {}],
    ['without times', { limits: { suppressed: [START], timestamps: null } }],
  ])('takes many steps in one run as it takes them one by one, %s', async (_, change) => {
    const [many, single] = [await generated(loop, change), await generated(stepwise, change)];
    expect(many.map(({ tokens }) => tokens)).toEqual(single.map(({ tokens }) => tokens));
    for (const [row, { logProbs, tokens, ended }] of many.entries()) {
      expect(logProbs).toHaveLength(tokens.length + (ended ? 1 : 0));
      for (const [at, logProb] of logProbs.entries())
        expect(logProb).toBeCloseTo(single[row]?.logProbs[at] ?? Number.NaN, 3);
    }
    expect(new Set(many.flatMap(({ tokens }) => tokens)).size).toBeGreaterThan(3);
  });

  it('draws almost only the most probable token at a temperature near 0', async () => {
    const greedy = await generated(loop);
    const drawn = await generated(loop, { temperature: 1e-6 });
    expect(drawn.map(({ tokens }) => tokens)).toEqual(greedy.map(({ tokens }) => tokens));
  });

  it('keeps the rules of times: the first token is one, and none goes back', async () => {
    for (const { tokens } of await generated(loop)) {
      expect(tokens[0]).toBeGreaterThanOrEqual(FIRST_TIME);
      expect(tokens[0]).toBeLessThanOrEqual(FIRST_TIME + timestamps.maxInitial);
      const times = tokens.filter((token) => token >= FIRST_TIME);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it('never takes what is suppressed', async () => {
    const [{ tokens = [] } = {}] = await generated(loop);
    const taken = tokens.find((token) => token < FIRST_TIME && token !== END);
    if (taken === undefined) throw new Error('The model wrote no text.');
    const limits = { suppressed: [START, taken], timestamps };
    for (const row of await generated(loop, { limits })) expect(row.tokens).not.toContain(taken);
  });

  it('may generate again from the same windows, with the same result', async () => {
    const batch = loop.begin(encoded());
    const first = await batch.generate(options());
    expect(await batch.generate(options())).toEqual(first);
    batch.dispose();
  });

  it('ends a row where the caller says so, and all when the call is cancelled', async () => {
    const rows = await generated(loop, {
      shouldStop: (tokens, row) => row === 1 && tokens.length > 2,
    });
    const whole = await generated(loop);
    expect(rows[0]?.tokens).toEqual(whole[0]?.tokens);
    expect(rows[1]?.tokens.length).toBeLessThanOrEqual(whole[1]?.tokens.length ?? 0);
    await expect(generated(loop, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('gives the same tokens and logarithms when its graph is run as it was published', async () => {
    const published = await openDecoder({ ...nodeRuntime, asPublished: true }, decoderFile);
    expect(published.run).toEqual({ part: 'decoder', by: 'graph', reason: null });
    const [many, plain] = [await generated(loop), await generated(published)];
    expect(plain.map(({ tokens }) => tokens)).toEqual(many.map(({ tokens }) => tokens));
    expect(plain[0]?.logProbs[2]).toBeCloseTo(many[0]?.logProbs[2] ?? Number.NaN, 3);
    await published.release();
  });

  it('runs one token at a time where an input does not fit into the loop, and says why', async () => {
    const more = writeGraph({
      inputs: [{ name: 'cache_position', dims: ['tokens'], type: 'int64' }],
    });
    const fields = [...readFields(decoderFile)].map(({ number, value }) =>
      number === MODEL.graph && value instanceof Uint8Array
        ? { number, value: joinBytes([value, more]) }
        : { number, value },
    );
    const decoder = await openDecoder(nodeRuntime, joinBytes(rawFields(fields)));
    const reason = 'loop: this export is of another form';
    expect(decoder.run).toEqual({ part: 'decoder', by: 'choice', reason });
    const [many, single] = [await generated(loop), await generated(decoder)];
    expect(single.map(({ tokens }) => tokens)).toEqual(many.map(({ tokens }) => tokens));
    await decoder.release();
  });

  it.each([
    ['loop.', 'choice'],
    ['head.', 'graph'],
  ] as const)('goes without what is named %s* where the runtime refuses it', async (mark, by) => {
    const refusing: InferenceRuntime = {
      ...nodeRuntime,
      async open(graph, options) {
        if (Buffer.from(graph).includes(mark))
          throw new AppError('RECOGNISE_FAILED', 'This is an invalid model.');
        return nodeRuntime.open(graph, options);
      },
    };
    const decoder = await openDecoder(refusing, decoderFile);
    expect(decoder.run).toMatchObject({ by, reason: expect.stringContaining('invalid model') });
    const [many, single] = [await generated(loop), await generated(decoder)];
    expect(single.map(({ tokens }) => tokens)).toEqual(many.map(({ tokens }) => tokens));
    await decoder.release();
  });

  it('refuses a graph of another kind', async () => {
    const encoder = files.get('onnx/encoder_model.onnx') ?? new Uint8Array(0);
    await expect(openDecoder(nodeRuntime, encoder)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    });
  });
});
