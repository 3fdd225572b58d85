import { AppError } from '../../core/errors';
import { messages } from '../../onnx/read';
import type { ExternalData, Runtime } from '../runtime';
import { CachedBatch } from './batch';
import type { CachedDecoder } from './decoder';
import type { ExportHints } from './export';
import { openGpuHelpers } from './gpu-helpers';
import { nameOf } from './graph-parts';
import { openLoop } from './loop';
import { openStepwise } from './stepwise';

export interface DecoderOptions extends ExportHints {
  externalData?: readonly ExternalData[];
  /** One run for every token also where one run could do many: to compare. */
  stepwise?: boolean;
}

/**
 * Opens a merged decoder with past, as Optimum exports it (`decoder_model_merged.onnx`).
 * @throws MODEL_UNSUPPORTED when it is one of another kind; as `Runtime.open`
 */
export async function openDecoder(
  runtime: Runtime,
  graph: Uint8Array,
  { externalData = [], stepwise = false, ...hints }: DecoderOptions = {},
): Promise<CachedDecoder> {
  requireLogits(graph);
  const onGpu = runtime.backend === 'webgpu';
  const loop = onGpu || stepwise ? null : await openLoop(runtime, graph, externalData, hints);
  const runner = loop ?? (await openStepwise(runtime, graph, externalData, hints));
  const { shape } = runner;
  const gpu = onGpu
    ? openGpuHelpers(runtime, shape.encodedType === 'float16' ? 'float16' : 'float32')
    : null;
  return {
    vocabularySize: shape.vocabulary,
    hasCrossAttention: shape.crossLayers.length > 0,
    begin: (encoded) => new CachedBatch(runtime, runner, gpu, encoded),
    async release() {
      await gpu?.release();
      await runner.release();
    },
  };
}

/** Fields of `ModelProto` and `GraphProto`. */
const MODEL_GRAPH = 7;
const GRAPH_OUTPUT = 12;

/** What is appended reads the logits: a graph without any would fail with a riddle. */
function requireLogits(model: Uint8Array): void {
  const [graph = new Uint8Array(0)] = messages(model, MODEL_GRAPH);
  const outputs = messages(graph, GRAPH_OUTPUT).map(nameOf);
  if (!outputs.includes('logits'))
    throw new AppError('MODEL_UNSUPPORTED', 'The file is no decoder: it gives no logits.', {
      details: { outputs: outputs.join(' ') },
    });
}
