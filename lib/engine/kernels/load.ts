import { KernelProgram, type KernelSource } from './kernels';
import type { Address } from './operands';
import { panelsOf } from './panels';
import { Program } from './program';

/** Why there are no kernels here, for the console. */
type Report = (reason: unknown) => void;

type BytesLess = KernelSource['bytesLess'];

/** What kernels are loaded with. */
interface LoadOptions extends Pick<KernelSource, 'threads' | 'startThread'> {
  /** Whether products are of bytes, as measured here before; not given: it is measured. */
  inBytes?: boolean | undefined;
}

/** Kernels are not needed to run a model: a connection that hangs is not waited for long. */
const TIMEOUT_MS = 20_000;

/**
 * Fetches the compiled kernels: those with fused products where the browser has relaxed SIMD.
 * @param baseUrl folder of the modules
 * @returns `null` where they cannot be had or run: ONNX Runtime does their work then
 */
export async function loadKernels(
  baseUrl: string,
  { inBytes, ...threads }: LoadOptions,
  report: Report,
): Promise<KernelSource | null> {
  // threads share memory: without isolation no browser gives it
  if (!globalThis.crossOriginIsolated) return null;
  try {
    const relaxed = await compile(new URL('kernels-relaxed.wasm', baseUrl));
    const module = relaxed ?? (await compile(new URL('kernels.wasm', baseUrl)));
    const bytesLess = relaxed && (await chooseBytes(relaxed, inBytes));
    return module && { ...threads, module, bytesLess };
  } catch (error) {
    report(error);
    return null;
  }
}

/** @returns `null` when the browser does not know an instruction */
async function compile(url: URL): Promise<WebAssembly.Module | null> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
  const bytes = await response.arrayBuffer();
  return WebAssembly.validate(bytes) ? WebAssembly.compile(bytes) : null;
}

/** A product that takes some tenths of a millisecond. */
const TIMED: Shape = { rows: 48, depth: 512, columns: 512 };
/** One whose result is soon looked through. */
const CHECKED: Shape = { rows: 12, depth: 64, columns: 8 };
/**
 * Engines compile twice, quickly and then well: enough runs for the second to show; the fastest run counts.
 */
const MOST_RUNS = 40;
const MOST_MS = 60;
/**
 * Bytes must take less than this share of the other way's time: a tie goes to what every processor does
 * alike.
 */
const GAIN = 0.9;

/**
 * How products are made on this processor. Only timing shows whether those of bytes are quicker: the same
 * WebAssembly is one instruction on some processors, and four on others.
 * @param module with relaxed SIMD
 * @param known whether they are quicker, as measured before: timing may differ from run to run, and so,
 * slightly, would the words
 * @returns as `KernelSource.bytesLess`
 * @throws OUT_OF_MEMORY
 */
export async function chooseBytes(module: WebAssembly.Module, known?: boolean): Promise<BytesLess> {
  if (known === false) return null;
  for (const bytesLess of [0, 128] as const) {
    if (!(await isRight(module, bytesLess))) continue;
    return known || (await isQuick(module, bytesLess)) ? bytesLess : null;
  }
  return null;
}

/**
 * Whether products of bytes are right: WebAssembly leaves open what the instruction makes of the eighth bit of its second
 * factor, and engines that knew it before it was settled took its factors the other way round.
 */
async function isRight(module: WebAssembly.Module, bytesLess: BytesLess): Promise<boolean> {
  const { rows, depth, columns } = CHECKED;
  const { program, from, to } = await prepare(module, bytesLess, CHECKED);
  try {
    // from 0 to 255: a step is 1, and sums are whole numbers
    const values = Float32Array.from({ length: rows * depth }, (_, at) =>
      at % depth === 0 ? 255 : (at * 29) % 256,
    );
    program.floats(from, values.length).set(values);
    program.run();
    return program.floats(to, rows * columns).every((found, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns];
      let sum = 0;
      for (let inner = 0; inner < depth; inner++)
        sum += (values[row * depth + inner] ?? 0) * weightAt(inner * columns + column);
      return found === sum;
    });
  } finally {
    program.release();
  }
}

async function isQuick(module: WebAssembly.Module, bytesLess: BytesLess): Promise<boolean> {
  const wide = await prepare(module, null, TIMED);
  const bytes = await prepare(module, bytesLess, TIMED);
  try {
    const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const end = performance.now() + MOST_MS;
    for (let run = 0; run < MOST_RUNS && performance.now() < end; run++)
      for (const [at, { program }] of [wide, bytes].entries()) {
        const from = performance.now();
        program.run();
        least[at] = Math.min(least[at] ?? 0, performance.now() - from);
      }
    return (least[1] ?? 0) < GAIN * (least[0] ?? 0);
  } finally {
    for (const { program } of [wide, bytes]) program.release();
  }
}

interface Shape {
  rows: number;
  depth: number;
  columns: number;
}

/** All that bytes can be. */
const weightAt = (at: number): number => ((at * 37 + (at >> 8) + 128) % 256) - 128;

/** A program that makes a product of floats with weights. */
async function prepare(
  module: WebAssembly.Module,
  bytesLess: BytesLess,
  { rows, depth, columns }: Shape,
): Promise<{ program: KernelProgram; from: Address; to: Address }> {
  const program = new Program(bytesLess);
  const panels = panelsOf(
    [
      {
        ...{ depth, columns, columnStep: 1, bias: new Float32Array(columns) },
        data: new Int8Array(depth * columns).map((_, at) => weightAt(at)),
        rowOffsets: Uint32Array.from({ length: depth }, (_, row) => row * columns),
        steps: { scales: new Float32Array(columns).fill(1), zeros: new Int16Array(columns) },
      },
    ],
    program.inBytes,
  );
  if (!panels) throw new TypeError('The weights fit the kernels.');
  const [from, to] = [program.matrix(rows, depth), program.matrix(rows, columns)];
  const integers = program.quantise(from, program.integers(rows * depth, rows));
  program.matmul(integers, program.weights(panels), to);
  const source = { module, bytesLess, threads: 1, startThread };
  const loaded = await KernelProgram.load(source, program);
  const values = Float32Array.from({ length: rows * depth }, (_, at) => Math.sin(at));
  loaded.floats(from.at, values.length).set(values);
  return { program: loaded, from: from.at, to: to.at };
}

function startThread(): never {
  throw new TypeError('One thread needs no other.');
}
