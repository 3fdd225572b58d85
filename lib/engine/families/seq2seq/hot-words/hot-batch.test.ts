import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { whisperFiles } from '@/tools/random-models/whisper';
import type { GenerateOptions } from '../decoder';
import { type DecoderOptions, openDecoder } from '../open';
import { StepBatch } from '../step-batch';
import { buildTokenTree } from './token-tree';

const [WIDTH, ROWS, FRAMES] = [64, 3, 24];
const filesOf = (precision: 'fp32' | 'q8') =>
  whisperFiles({
    ...{ seed: 2, precision, multilingual: true, publishedVocabulary: false },
    size: { width: WIDTH, layers: 2, heads: 2, hidden: 128, mels: 80 },
    crossAttentions: true,
    shortestWindow: 2,
    habits: { contrast: 4.5, looping: false, silent: false },
  });
const files = filesOf('fp32');
const whole = files.get('onnx/decoder_model_merged.onnx') ?? new Uint8Array(0);
// in 8 bits a graph rounds all rows together, by how many tokens it is given
const small = filesOf('q8').get('onnx/decoder_model_merged_quantized.onnx') ?? new Uint8Array(0);
const generation = JSON.parse(
  new TextDecoder().decode(files.get('generation_config.json')),
) as Record<string, number>;
const START = generation.decoder_start_token_id ?? Number.NaN;
const END = generation.eos_token_id ?? Number.NaN;
const FIRST_TIME = (generation.no_timestamps_token_id ?? Number.NaN) + 1;
/** Text that the model may not write, so that no word with it becomes whole. */
const FORBIDDEN = 1;
const SOME = 12;
const every = { begins: () => true, opens: () => true };

const options = (hot: GenerateOptions['hot']): GenerateOptions => ({
  prompts: Array.from({ length: ROWS }, (_, row) => [START, START + 1 + row]),
  endId: END,
  maxTokens: SOME,
  limits: {
    suppressed: [START, FORBIDDEN, END],
    timestamps: { firstId: FIRST_TIME, endId: END, maxInitial: 50, monotonic: true },
  },
  suppressedFirst: [END],
  temperature: 0,
  random: () => 0.5,
  hot: hot ?? null,
  signal: new AbortController().signal,
});
const hints = { heads: 2, headSize: 32, rows: ROWS };
/** Few enough for every first token to be tried, many enough for one to be near. */
const firsts = Array.from({ length: 40 }, (_, at) => 2 + 3 * at);

describe.each<[string, DecoderOptions, boolean]>([
  ['on the kernels', { ...hints, frames: [12, FRAMES] }, false],
  ['in the loop', hints, false],
  ['a step at a time', { ...hints, stepwise: true }, false],
  ['with the graph as it was published', hints, true],
])("the user's words %s", (name, way, asPublished) => {
  async function generate(hot: GenerateOptions['hot'], beamWidth = 1) {
    const runtime = asPublished ? { ...nodeRuntime, kernels: null, asPublished } : nodeRuntime;
    const onKernels = name === 'on the kernels';
    const decoder = await openDecoder(runtime, onKernels ? small : whole, way);
    const data = Float32Array.from(
      { length: ROWS * FRAMES * WIDTH },
      (_, at) => Math.sin(at * 0.37 + Math.floor(at / (FRAMES * WIDTH)) * 1.7) * 0.8,
    );
    const batch = decoder.begin(new nodeRuntime.Tensor('float32', data, [ROWS, FRAMES, WIDTH]));
    try {
      expect(batch instanceof StepBatch).toBe(onKernels);
      return await batch.generate({ ...options(hot), beamWidth });
    } finally {
      batch.dispose();
      await decoder.release();
    }
  }
  const treeOf = (words: number[][]) => buildTokenTree(words, every);
  const textOf = (tokens: readonly number[]) => tokens.filter((token) => token < END);

  it('are undone as if they had never started', async () => {
    const tree = treeOf(firsts.map((first) => [first, FORBIDDEN]));
    const plain = await generate(null);
    const again = await generate(tree && { tree, bonus: 99, beamBonus: 99, most: 99 });
    for (const [row, { tokens, logProbs }] of again.entries()) {
      expect(tokens).toEqual(plain[row]?.tokens);
      for (const [at, logProb] of logProbs.entries())
        expect(logProb).toBeCloseTo(plain[row]?.logProbs[at] ?? Number.NaN, 2);
    }
    expect(textOf(plain.flatMap(({ tokens }) => tokens)).length).toBeGreaterThan(ROWS);
  });

  // where rows have several texts, the words are in the best of them
  it.each(name === 'on the kernels' ? [1, 3] : [1])(
    'are written whole, width %i',
    async (width) => {
      const words = firsts.map((first) => [first, first + 1, first + 2]);
      const tree = treeOf(words);
      const rows = await generate(tree && { tree, bonus: 99, beamBonus: 99, most: 99 }, width);
      for (const { tokens } of rows) {
        const written = words.filter((word) => `,${tokens},`.includes(`,${word},`));
        expect(written).not.toEqual([]);
        // a single text has one as soon as it may
        if (width === 1) expect(words).toContainEqual(textOf(tokens).slice(0, 3));
      }
    },
  );
});
