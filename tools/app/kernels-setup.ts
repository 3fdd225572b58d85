// Vitest's global set-up: the kernels that tests run are those of the sources.
export { buildKernels as setup } from './build-kernels';
