import { AppError } from '@/lib/core';
import type { ExternalData, InferenceRuntime } from '@/lib/engine/runtime';
import { readFrameProducts } from './frame-weights';
import { type DecoderExport, disposeAll, type ExportHints } from './graph/export';
import type { DecoderRunner } from './runner';
import type { StepDependencies } from './step-batch';
import { type CrossWeights, loadStepKernels } from './step-kernels';
import { readStepWeights } from './step-weights';

/** Tokens given to both the kernels and the graph, to see whether they agree. */
const TRIED = [1, 3, 2];
/**
 * Largest RMS difference of the logits, relative to their standard deviation: the graph rounds more coarsely.
 */
const MOST_DIFFERENCE = 0.3;

/**
 * A decoder's steps on the compiled kernels: 8-bit weights are read once for all rows of a step, and nothing
 * passes in or out of the runtime's memory. The results are compared with those of the published graph, which
 * may do more than was read from it.
 * @param runner runs the graph
 * @param options `checked`: the two are known to agree, so the graph is not run
 * @returns `null` where there are no kernels, and for a graph of another build
 * @throws RECOGNISE_FAILED when the two differ; OUT_OF_MEMORY
 */
export async function openSteps(
  runtime: InferenceRuntime,
  { graph, externalData }: { graph: Uint8Array; externalData: readonly ExternalData[] },
  runner: DecoderRunner,
  {
    frames: frameCounts = [],
    rows = 1,
    checked = false,
  }: Pick<ExportHints, 'frames' | 'rows'> & { checked?: boolean },
): Promise<StepDependencies | null> {
  const { kernels } = runtime;
  const { decoder, vocabulary } = runner.shape;
  const [{ heads, size } = { heads: 0, size: 0 }] = decoder;
  if (!kernels || frameCounts.length === 0) return null;
  const files = new Map(externalData.map(({ path, data }) => [path, data]));
  const weights = readStepWeights(graph, files, decoder.length / 2);
  const cross = readCrossWeights(graph, files, runner.shape);
  if (!weights || !cross) return null;
  const steps = await loadStepKernels(kernels, weights, cross, { heads, frameCounts, rows });
  if (!steps) return null;
  const dependencies = { steps, vocabulary };
  if (checked) return dependencies;
  try {
    await requireAgreement(runtime, runner, dependencies, [Math.min(...frameCounts), heads * size]);
  } catch (error) {
    steps.release();
    throw error;
  }
  return dependencies;
}

/** The weights that make each layer's keys and values, before these are scaled or transposed. */
function readCrossWeights(
  graph: Uint8Array,
  files: ReadonlyMap<string, Uint8Array>,
  { decoder }: DecoderExport,
): CrossWeights | null {
  const [entry] = decoder;
  const layers = [...Array(decoder.length / 2).keys()];
  const names = layers.flatMap((layer) =>
    ['key', 'value'].map((part) => `past_key_values.${layer}.encoder.${part}`),
  );
  const products = entry && readFrameProducts(graph, files, names, entry.heads);
  if (!products) return null;
  const made = layers.flatMap((layer) => {
    const [keys, values] = products.slice(2 * layer);
    return keys && values ? [{ keys: keys.matrix, values: values.matrix }] : [];
  });
  return made.length === layers.length ? made : null;
}

async function requireAgreement(
  runtime: InferenceRuntime,
  runner: DecoderRunner,
  { steps }: StepDependencies,
  [count, width]: readonly [frames: number, width: number],
): Promise<void> {
  const values = Float32Array.from({ length: count * width }, (_, at) => Math.sin(at * 0.7) * 1.5);
  const encoded = new runtime.Tensor('float32', values, [1, count, width]);
  const { logits, past, cross } = await runner.prompt(encoded, [TRIED]);
  disposeAll(past);
  runner.recycle(cross);
  steps.begin([values]);
  for (const [position, token] of TRIED.entries()) steps.step([{ slot: 0, position, token }]);
  const difference = differenceOf(steps.logits(0), logits[0] ?? new Float32Array(0));
  if (!(difference < MOST_DIFFERENCE))
    throw new AppError('RECOGNISE_FAILED', `its logits differ by ${difference.toFixed(3)}`);
}

/** RMS difference, relative to the standard deviation of the right values. */
function differenceOf(found: Float32Array, right: Float32Array): number {
  const mean = right.reduce((sum, value) => sum + value, 0) / right.length;
  let [apart, varied] = [0, 0];
  for (const [at, value] of right.entries()) {
    apart += ((found[at] ?? 0) - value) ** 2;
    varied += (value - mean) ** 2;
  }
  return Math.sqrt(apart / varied);
}
