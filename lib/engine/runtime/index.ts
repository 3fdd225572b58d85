export { chooseBackend } from './backend';
export { type ExpectedText, type TriedBackend, tryBackend } from './check';
export { externalData } from './external-data';
export { deviceLoss, type GpuProbe, probeGpu } from './gpu';
export { toFloats, toHalfBits } from './half-floats';
export { openQuickest, type Way } from './quickest-way';
export {
  createRuntime,
  type ExternalData,
  type GraphValue,
  type OpenOptions,
  type Runtime,
  type Session,
  type Tensors,
} from './runtime';
export { runtimeError } from './runtime-errors';
export { wasmThreads } from './threads';
export { parseWave } from './wave';
