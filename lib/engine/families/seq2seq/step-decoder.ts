import { AppError } from '@/lib/core';
import type { ExternalData, InferenceRuntime } from '@/lib/engine/runtime';
import { loadFrameKernels } from './frame-kernels';
import { type FrameProduct, readFrameProducts } from './frame-weights';
import { type DecoderExport, disposeAll, type ExportHints } from './graph/export';
import type { DecoderRunner } from './runner';
import type { StepParts } from './step-batch';
import { loadStepKernels } from './step-kernels';
import { readStepWeights } from './step-weights';

/** Tokens that both ways are given, to see whether they agree. */
const TRIED = [1, 3, 2];
/** Root mean square of what logits may differ by, of what they vary by: the graph rounds more coarsely. */
const MOST_DIFFERENCE = 0.3;

/**
 * A decoder's steps on the compiled kernels: 8-bit weights are read once for all rows of a step, and
 * nothing goes in and out of the runtime's memory. What they give is compared with what the published
 * graph gives: a graph may do more than was read of it.
 * @param runner runs the graph
 * @param options `checked`: the two are known to agree, so that the graph is not run
 * @returns `null` where there are no kernels, and for a graph of another build
 * @throws RECOGNISE_FAILED when the two differ; OUT_OF_MEMORY
 */
export async function openSteps(
  runtime: InferenceRuntime,
  graph: Uint8Array,
  externalData: readonly ExternalData[],
  runner: DecoderRunner,
  {
    frames: frameCounts = [],
    rows = 1,
    checked = false,
  }: Pick<ExportHints, 'frames' | 'rows'> & { checked?: boolean },
): Promise<StepParts | null> {
  const { kernels } = runtime;
  const { decoder, vocabulary } = runner.shape;
  const [{ heads, size } = { heads: 0, size: 0 }] = decoder;
  const [shortest, longest] = [Math.min(...frameCounts), Math.max(...frameCounts)];
  if (!kernels || frameCounts.length === 0) return null;
  const files = new Map(externalData.map(({ path, data }) => [path, data]));
  const layers = decoder.length / 2;
  const weights = readStepWeights(graph, files, layers);
  const products = readCrossProducts(graph, files, runner.shape);
  if (!weights || !products) return null;
  const frames = await loadFrameKernels(runtime, products, frameCounts);
  const steps = frames && (await loadStepKernels(kernels, weights, heads, rows * longest));
  if (!frames || !steps) {
    frames?.release();
    return null;
  }
  const names = Array.from({ length: layers }, (_, layer) => ({
    keys: products[2 * layer]?.name ?? '',
    values: products[2 * layer + 1]?.name ?? '',
  }));
  const parts = { frames, steps, names, vocabulary };
  if (checked) return parts;
  try {
    await requireAgreement(runtime, runner, parts, [shortest, heads * size]);
  } catch (error) {
    frames.release();
    steps.release();
    throw error;
  }
  return parts;
}

/** Keys, turned, and values of each layer, as they are before anything is made of them. */
function readCrossProducts(
  graph: Uint8Array,
  files: ReadonlyMap<string, Uint8Array>,
  { decoder }: DecoderExport,
): FrameProduct[] | null {
  const [entry] = decoder;
  const names = Array.from({ length: decoder.length / 2 }, (_, layer) =>
    ['key', 'value'].map((part) => `past_key_values.${layer}.encoder.${part}`),
  );
  const products = entry && readFrameProducts(graph, files, names.flat(), entry.heads);
  return products?.map((product, at) => ({ ...product, isTurned: at % 2 === 0 })) ?? null;
}

async function requireAgreement(
  runtime: InferenceRuntime,
  runner: DecoderRunner,
  { frames, steps, names }: StepParts,
  [count, width]: readonly [frames: number, width: number],
): Promise<void> {
  const values = Float32Array.from({ length: count * width }, (_, at) => Math.sin(at * 0.7) * 1.5);
  const encoded = new runtime.Tensor('float32', values, [1, count, width]);
  const { logits, past, cross } = await runner.prompt(encoded, [TRIED]);
  disposeAll(past);
  runner.recycle(cross);
  const made = frames.project(encoded);
  const floats = (name: string) => (made[name]?.data ?? new Float32Array(0)) as Float32Array;
  steps.begin(
    names.map((name) => ({ keys: floats(name.keys), values: floats(name.values) })),
    count,
  );
  frames.takeBack(made);
  for (const [position, token] of TRIED.entries()) steps.step([{ slot: 0, position, token }]);
  const difference = differenceOf(steps.logits(0), logits[0] ?? new Float32Array(0));
  if (!(difference < MOST_DIFFERENCE))
    throw new AppError('RECOGNISE_FAILED', `its logits differ by ${difference.toFixed(3)}`);
}

/** Root mean square of the differences, of the deviation of what is right. */
function differenceOf(found: Float32Array, right: Float32Array): number {
  const mean = right.reduce((sum, value) => sum + value, 0) / right.length;
  let [apart, varied] = [0, 0];
  for (const [at, value] of right.entries()) {
    apart += ((found[at] ?? 0) - value) ** 2;
    varied += (value - mean) ** 2;
  }
  return Math.sqrt(apart / varied);
}
