import { AppError } from '@/lib/core';
import type { IntegerProducts } from '@/lib/engine';
import type { Address, Layout } from './operands';
import type { Program } from './program';

const PAGE_BYTES = 65_536;
const MAX_PAGES = 65_536;

/** What a helping thread needs to begin. */
export interface ThreadStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  scratch: Address;
}

/** How products of bytes are made, see `kernels/bytes.ts`. */
export interface ByteProducts {
  /** What is subtracted in memory from bytes of 0 on: 128 where the processor takes them as signed. */
  less: 0 | 128;
  /** Whether sums of two products have only 16 bits, as where the processor has no instruction for bytes. */
  inPairs: boolean;
}

/** The compiled kernels of `/kernels`, and how to get threads for them. */
export interface KernelSource {
  module: WebAssembly.Module;
  /** How products of integers are made: of bytes where those are quicker; `null`: of 16-bit integers. */
  bytes: ByteProducts | null;
  /** How integers are multiplied fastest here; not given where a part that may be faster could not be fetched. */
  measured?: IntegerProducts | undefined;
  /** How many work on a program, the calling one included. */
  threads: number;
  /** Starts a thread that calls `helpKernels`; not called for a single thread. */
  startThread(start: ThreadStart): { terminate(): void };
}

/** How the integers of a source are multiplied. */
export function productsOf({ bytes }: Pick<KernelSource, 'bytes'>): IntegerProducts {
  if (bytes === null) return 'wide';
  return bytes.inPairs ? 'pairs' : 'bytes';
}

/** What the compiled module has; see `kernels/index.ts`. */
interface Exports {
  run(shared: Address, program: Address, from: number, to: number, scratch: Address): void;
  help(shared: Address, scratch: Address): void;
  end(shared: Address): void;
}

/** What threads share lies at the beginning of the memory. */
const SHARED: Address = 0;

/** A program, ready to run. */
export class KernelProgram {
  private readonly threads: { terminate(): void }[];

  private constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly exports: Exports,
    private readonly layout: Layout,
    threads: { terminate(): void }[],
  ) {
    this.threads = threads;
  }

  /** @throws OUT_OF_MEMORY */
  static async load(source: KernelSource, program: Program): Promise<KernelProgram> {
    const { module, threads } = source;
    const layout = program.layOut(threads);
    const memory = allocate(layout.bytes);
    layout.write(memory.buffer);
    const exports = await instantiate(module, memory);
    const helpers = layout.scratch
      .slice(1)
      .map((scratch) => source.startThread({ module, memory, scratch }));
    return new KernelProgram(memory, exports, layout, helpers);
  }

  /** Floats at an address, as they are now. */
  floats(at: Address, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  /** 32-bit integers at an address. */
  integers(at: Address, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }

  bytes(at: Address, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, at, length);
  }

  /** Runs operations `from` up to but without `to`: all, when not given. Returns when they are done. */
  run(from = 0, to = this.layout.operations): void {
    const { program, scratch } = this.layout;
    this.exports.run(SHARED, program, from, to, scratch[0] ?? 0);
  }

  /** Ends the threads; the memory goes with the last reference to this. */
  release(): void {
    this.exports.end(SHARED);
    for (const thread of this.threads) thread.terminate();
  }
}

/** What a helping thread does until the program is released: it does not return before. */
export async function helpKernels({ module, memory, scratch }: ThreadStart): Promise<void> {
  const { help } = await instantiate(module, memory);
  help(SHARED, scratch);
}

function allocate(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  try {
    if (pages > MAX_PAGES) throw new RangeError('It is more than a program can have.');
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    // not fatal: the runtime's own memory is whole, and it may do with less
    throw new AppError('OUT_OF_MEMORY', `${Math.round(bytes / 1e6)} MB could not be had.`, {
      cause: error,
    });
  }
}

async function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<Exports> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return exports as unknown as Exports; // our own module: its types are not known here
}
