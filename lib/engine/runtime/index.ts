export { chooseBackend } from './choose-backend';
export { openFastest, type Way } from './fastest-way';
export { deviceLoss, type GpuProbe, probeGpu } from './gpu';
export { toFloats, toHalfBits } from './half-floats';
export {
  createInferenceRuntime,
  type ExternalData,
  externalData,
  type GraphValue,
  type InferenceRuntime,
  type InferenceSession,
  type OpenOptions,
  runtimeError,
  type Tensors,
  wasmThreads,
} from './runtime';
export { type ExpectedText, type TestedBackend, testBackend } from './self-test';
export { createWasmStart } from './wasm-start';
