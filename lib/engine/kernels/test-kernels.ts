import { readFileSync } from 'node:fs';
import type { KernelSource } from './kernels';

const file = new URL('../../../public/kernels/kernels.wasm', import.meta.url);

/** The compiled kernels on one thread, for tests in Node. */
export const nodeKernels: KernelSource = {
  module: new WebAssembly.Module(readFileSync(file)),
  bytes: null,
  threads: 1,
  startThread() {
    throw new Error('One thread needs no other.');
  },
};
