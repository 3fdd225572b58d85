export { helpKernels, KernelProgram, type KernelSource, type ThreadStart } from './kernels';
export { loadKernels } from './load';
export { panelsOf, type WeightMatrix } from './panels';
export { GraphProducts, type Product } from './products';
export {
  type Address,
  FEW_ROWS,
  FRAME_ROOM,
  type FrameCaches,
  type Matrix,
  Program,
  type QuantisedMatrix,
  type Weights,
} from './program';
