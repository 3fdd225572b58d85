export { chooseBackend } from './choose-backend';
export { externalData } from './external-data';
export { openFastest, type Way } from './fastest-way';
export { deviceLoss, type GpuProbe, probeGpu } from './gpu';
export { toFloats, toHalfBits } from './half-floats';
export {
  createInferenceRuntime,
  type ExternalData,
  type GraphValue,
  type InferenceRuntime,
  type InferenceSession,
  type OpenOptions,
  type Tensors,
} from './runtime';
export { runtimeError } from './runtime-errors';
export { type ExpectedText, type TestedBackend, testBackend } from './self-test';
export { wasmThreads } from './threads';
