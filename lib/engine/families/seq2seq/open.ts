import type { Tensor } from 'onnxruntime-web';
import { AppError, assert } from '@/lib/core';
import type { PartRun } from '@/lib/engine';
import { GRAPH, MODEL, messages } from '@/lib/engine/onnx';
import {
  type ExternalData,
  type InferenceRuntime,
  openFastest,
  toFloats,
  toHalfBits,
  type Way,
} from '@/lib/engine/runtime';
import type { CachedDecoder } from './decoder';
import { type ExportHints, readExport } from './graph/export';
import { nameOf } from './graph/merged-decoder';
import { openLoop } from './loop/loop';
import type { DecoderRunner } from './runner';
import { laterRunner } from './runner';
import { CachedBatch } from './search/batch';
import { StepBatch, type StepDependencies } from './step-batch';
import { openSteps } from './step-decoder';
import { openGpuHelpers } from './stepwise/gpu-helpers';
import { openStepwise } from './stepwise/stepwise';

/** A decoder's graph, and the data that it keeps in files of its own. */
interface DecoderFile {
  graph: Uint8Array;
  externalData: readonly ExternalData[];
}

export interface DecoderOptions extends ExportHints {
  externalData?: readonly ExternalData[];
  /** One run per token even where one run could do many: for comparison. */
  stepwise?: boolean;
  /** The compiled kernels are known to give what exactly this graph gives. */
  checked?: boolean;
  /** Reads the file again, where the graph is opened later: it is not kept in memory then. */
  readAgain?: () => Promise<DecoderFile>;
}

/** A decoder, and how it is run. */
export interface OpenedDecoder extends CachedDecoder {
  run: PartRun;
}

/**
 * Opens a merged decoder with past, as Optimum exports it (`decoder_model_merged.onnx`).
 * @throws MODEL_UNSUPPORTED when it is one of another kind; as `InferenceRuntime.open`
 */
export async function openDecoder(
  runtime: InferenceRuntime,
  graph: Uint8Array,
  {
    externalData = [],
    stepwise = false,
    checked = false,
    readAgain,
    ...hints
  }: DecoderOptions = {},
): Promise<OpenedDecoder> {
  requireLogits(graph);
  const onGpu = runtime.backend === 'webgpu';
  const file = { graph, externalData };
  // rows of any number of frames are left to the loop: the kernels' programs have to know them before
  const mayStep = runtime.kernels !== null && hints.frames !== undefined;
  const alone =
    checked && mayStep && !onGpu && !stepwise
      ? await openAlone(runtime, file, hints, readAgain)
      : null;
  const { runner, steps } =
    alone ?? (await openBeside(runtime, file, { hints, stepwise, mayStep, checked }));
  const { shape } = runner;
  let inUse = false;
  const gpu = onGpu
    ? openGpuHelpers(runtime, shape.encodedType === 'float16' ? 'float16' : 'float32')
    : null;
  return {
    run: steps.run,
    vocabularySize: shape.vocabulary,
    takesLengths: steps.opened !== null,
    begin(encoded, counts) {
      const floats = asFloats(runtime, encoded, shape.encodedType);
      const [rows = 0, frames = 0] = floats.dims;
      const own = counts ?? new Array<number>(rows).fill(frames);
      const { opened: dependencies } = steps;
      if (!dependencies || inUse || !dependencies.steps.holds(own)) {
        assert(
          own.every((count) => count === frames),
          'rows of different lengths fit into the kernels',
        );
        return new CachedBatch(runtime, runner, gpu, floats);
      }
      const batch = new StepBatch(dependencies, floats, own, () => {
        inUse = false;
      });
      inUse = true;
      floats.dispose();
      return batch;
    },
    async release() {
      steps.opened?.steps.release();
      await gpu?.release();
      await runner.release();
    },
  };
}

/** A decoder's graph, and its faster form where there is one. */
interface OpenedRunners {
  runner: DecoderRunner;
  steps: { opened: StepDependencies | null; run: PartRun };
}

/** Opens a graph in the fastest way that it can be run in without the kernels. */
function openRunner(
  runtime: InferenceRuntime,
  { graph, externalData }: DecoderFile,
  hints: ExportHints,
  stepwise: boolean,
): Promise<{ opened: DecoderRunner; run: PartRun }> {
  const ways: Way<DecoderRunner | null>[] = [];
  if (runtime.backend !== 'webgpu' && !stepwise)
    ways.push({ by: 'loop', open: () => openLoop(runtime, graph, externalData, hints) });
  ways.push({
    by: 'choice',
    open: () => openStepwise(runtime, graph, { externalData, hints, chooses: true }),
  });
  return openFastest('decoder', runtime.asPublished ? [] : ways, {
    by: 'graph',
    open: () => openStepwise(runtime, graph, { externalData, hints, chooses: false }),
  });
}

/** What opens the graph when it is first needed. */
function openLater(
  runtime: InferenceRuntime,
  read: () => Promise<DecoderFile>,
  hints: ExportHints,
): () => Promise<DecoderRunner> {
  return async () => (await openRunner(runtime, await read(), hints, false)).opened;
}

const kept = (file: DecoderFile) => async () => file;

/**
 * Opens the faster form, and leaves the graph until it is needed. @returns `null` where that cannot be done
 */
async function openAlone(
  runtime: InferenceRuntime,
  file: DecoderFile,
  hints: ExportHints,
  readAgain = kept(file),
): Promise<OpenedRunners | null> {
  const runner = laterRunner(readExport(file.graph, hints), openLater(runtime, readAgain, hints));
  const steps = await openFastest(
    'decoder',
    [{ by: 'kernels', open: () => openSteps(runtime, file, runner, { ...hints, checked: true }) }],
    { by: 'loop', open: async () => null },
  );
  return steps.opened && { runner, steps };
}

/** Opens the graph, and beside it what is faster than its loop, which the faster form is compared with. */
async function openBeside(
  runtime: InferenceRuntime,
  file: DecoderFile,
  {
    hints,
    stepwise,
    mayStep,
    checked,
  }: { hints: ExportHints; stepwise: boolean; mayStep: boolean; checked: boolean },
): Promise<OpenedRunners> {
  const { opened: runner, run: published } = await openRunner(runtime, file, hints, stepwise);
  const { by, reason } = published;
  const open = () => openSteps(runtime, file, runner, { ...hints, checked });
  try {
    const ways = mayStep && by === 'loop' ? [{ by: 'kernels', open } as const] : [];
    const { opened, run } = await openFastest('decoder', ways, { by, open: async () => null });
    const reasons = [run.reason, reason].filter((one) => one !== null);
    return { runner, steps: { opened, run: { ...run, reason: reasons.join('; ') || null } } };
  } catch (error) {
    await runner.release();
    throw error;
  }
}

/** What an encoder of another precision gave, as the decoder takes it; on the GPU both are of one. */
function asFloats({ Tensor }: InferenceRuntime, encoded: Tensor, type: Tensor.Type): Tensor {
  if (encoded.type === type || encoded.location !== 'cpu') return encoded;
  const values = toFloats(encoded.data as ArrayLike<number>); // no encoder gives anything but floats
  return type === 'float16'
    ? new Tensor('float16', toHalfBits(values), encoded.dims)
    : new Tensor('float32', values, encoded.dims);
}

/** Appended nodes read the logits: a graph without any would fail with an obscure error. */
function requireLogits(model: Uint8Array): void {
  const [graph = new Uint8Array(0)] = messages(model, MODEL.graph);
  const outputs = messages(graph, GRAPH.output).map(nameOf);
  if (!outputs.includes('logits'))
    throw new AppError(
      'MODEL_UNSUPPORTED',
      'The file is not a decoder: it has no output "logits".',
      {
        details: { outputs: outputs.join(' ') },
      },
    );
}
