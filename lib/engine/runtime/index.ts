export { chooseBackend } from './choose-backend';
export { externalData } from './external-data';
export { openQuickest, type Way } from './fastest-way';
export { deviceLoss, type GpuProbe, probeGpu } from './gpu';
export { toFloats, toHalfBits } from './half-floats';
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
export { type ExpectedText, type TriedBackend, tryBackend } from './self-test';
export { wasmThreads } from './threads';
export { parseWave } from './wave';
