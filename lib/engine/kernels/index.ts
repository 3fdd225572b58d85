export { helpKernels, KernelProgram, type KernelSource, type ThreadStart } from './kernels';
export { loadKernels } from './load';
export type { Address, FrameCaches, Matrix, QuantisedMatrix, Weights } from './operands';
export { panelsOf, readColumn, type WeightMatrix } from './panels';
export { GraphProducts, type Product } from './products';
export { FEW_ROWS, FRAME_ROOM, Program } from './program';
