import type { IntegerProducts } from '@/lib/engine';
import { type ByteProducts, KernelProgram, type KernelSource, productsOf } from './kernels';
import type { Address } from './operands';
import { BYTE_STEPS, PAIR_STEPS, panelsOf } from './panels';
import { Program } from './program';

/** Why there are no kernels here, for the console. */
type Report = (reason: unknown) => void;

/** What kernels are loaded with. */
interface LoadOptions extends Pick<KernelSource, 'threads' | 'startThread'> {
  /** What was quickest here before; not given: it is measured. */
  products?: IntegerProducts | undefined;
}

/** Kernels are not needed to run a model: a connection that hangs is not waited for long. */
const TIMEOUT_MS = 20_000;

/**
 * Fetches the compiled kernels: where the browser has relaxed SIMD, those whose products are quickest here.
 * @param baseUrl folder of the modules
 * @returns `null` where they cannot be had or run: ONNX Runtime does their work then
 */
export async function loadKernels(
  baseUrl: string,
  { products, ...threads }: LoadOptions,
  report: Report,
): Promise<KernelSource | null> {
  // threads share memory: without isolation no browser gives it
  if (!globalThis.crossOriginIsolated) return null;
  try {
    const moduleOf = (name: string) => compile(new URL(name, baseUrl));
    const relaxed = await moduleOf('kernels-relaxed.wasm');
    if (relaxed) {
      let isMissing = false;
      // those of 16-bit integers are here already
      const pairs = () =>
        moduleOf('kernels-pairs.wasm').catch((error: unknown) => {
          report(error);
          isMissing = true;
          return null;
        });
      const chosen = await chooseProducts(relaxed, pairs, products);
      return { ...threads, ...chosen, ...(!isMissing && { measured: productsOf(chosen) }) };
    }
    const module = await moduleOf('kernels.wasm');
    return module && { ...threads, module, bytes: null };
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

/** A product that takes some tenths of a millisecond; in pairs, few weights of a model are too large. */
const TIMED: Trial = { rows: 48, depth: 512, columns: 512, weightAt: (at) => byteAt(at) >> 1 };
/** One whose result is soon looked through. */
const CHECKED: Trial = { rows: 12, depth: 64, columns: 8, weightAt: byteAt };
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

/** A compiled module, and how it makes products. */
type Products = Pick<KernelSource, 'module' | 'bytes'>;

/**
 * How products are made on this processor. Only timing shows whether those of bytes are quicker: the same
 * WebAssembly is one instruction on some processors, and up to five on others.
 * @param relaxed the module with relaxed SIMD
 * @param pairs compiles the one for processors without an instruction for bytes
 * @param known what was quickest before: timing may differ from run to run, and so, slightly, would the words
 * @throws OUT_OF_MEMORY
 */
export async function chooseProducts(
  relaxed: WebAssembly.Module,
  pairs: () => Promise<WebAssembly.Module | null>,
  known?: IntegerProducts,
): Promise<Products> {
  const wide: Products = { module: relaxed, bytes: null };
  if (known === 'wide') return wide;
  const isBetter = async (module: WebAssembly.Module, bytes: ByteProducts): Promise<boolean> => {
    if (known && productsOf({ bytes }) !== known) return false;
    return (await isRight(module, bytes)) && (!!known || isQuick({ module, bytes }, wide));
  };
  for (const less of [0, 128] as const) {
    const bytes = { less, inPairs: false };
    if (await isBetter(relaxed, bytes)) return { module: relaxed, bytes };
  }
  const module = await pairs();
  const bytes: ByteProducts = { less: 0, inPairs: true };
  return module && (await isBetter(module, bytes)) ? { module, bytes } : wide;
}

/**
 * Whether products of bytes are right: WebAssembly leaves open what the instruction makes of the eighth bit of its second
 * factor, and engines that knew it before it was settled took its factors the other way round.
 */
async function isRight(module: WebAssembly.Module, bytes: ByteProducts): Promise<boolean> {
  const { rows, depth, columns } = CHECKED;
  const { program, from, to } = await prepare({ module, bytes }, CHECKED);
  try {
    const steps = bytes.inPairs ? PAIR_STEPS : BYTE_STEPS;
    // from 0 to the number of steps: a step is 1, and sums are whole numbers
    const values = Float32Array.from({ length: rows * depth }, (_, at) =>
      at % depth === 0 ? steps : (at * 29) % (steps + 1),
    );
    program.floats(from, values.length).set(values);
    program.run();
    return program.floats(to, rows * columns).every((found, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns];
      let sum = 0;
      for (let inner = 0; inner < depth; inner++)
        sum += (values[row * depth + inner] ?? 0) * byteAt(inner * columns + column);
      return found === sum;
    });
  } finally {
    program.release();
  }
}

async function isQuick(one: Products, other: Products): Promise<boolean> {
  const programs = [await prepare(one, TIMED), await prepare(other, TIMED)];
  try {
    const least = programs.map(() => Number.POSITIVE_INFINITY);
    const end = performance.now() + MOST_MS;
    for (let run = 0; run < MOST_RUNS && performance.now() < end; run++)
      for (const [at, { program }] of programs.entries()) {
        const from = performance.now();
        program.run();
        least[at] = Math.min(least[at] ?? 0, performance.now() - from);
      }
    return (least[0] ?? 0) < GAIN * (least[1] ?? 0);
  } finally {
    for (const { program } of programs) program.release();
  }
}

interface Trial {
  rows: number;
  depth: number;
  columns: number;
  weightAt(at: number): number;
}

/** All that bytes can be. */
function byteAt(at: number): number {
  return ((at * 37 + (at >> 8) + 128) % 256) - 128;
}

/** A program that makes a product of floats with weights. */
async function prepare(
  { module, bytes }: Products,
  { rows, depth, columns, weightAt }: Trial,
): Promise<{ program: KernelProgram; from: Address; to: Address }> {
  const program = new Program(bytes);
  const panels = panelsOf(
    [
      {
        ...{ depth, columns, columnStep: 1, bias: new Float32Array(columns) },
        data: new Int8Array(depth * columns).map((_, at) => weightAt(at)),
        rowOffsets: Uint32Array.from({ length: depth }, (_, row) => row * columns),
        steps: { scales: new Float32Array(columns).fill(1), zeros: new Int16Array(columns) },
      },
    ],
    program.bytes,
  );
  if (!panels) throw new TypeError('The weights fit the kernels.');
  const [from, to] = [program.matrix(rows, depth), program.matrix(rows, columns)];
  const integers = program.quantise(from, program.integers(rows * depth, rows));
  program.matmul(integers, program.weights(panels), to);
  const source = { module, bytes, threads: 1, startThread };
  const loaded = await KernelProgram.load(source, program);
  const values = Float32Array.from({ length: rows * depth }, (_, at) => Math.sin(at));
  loaded.floats(from.at, values.length).set(values);
  return { program: loaded, from: from.at, to: to.at };
}

function startThread(): never {
  throw new TypeError('One thread needs no other.');
}
