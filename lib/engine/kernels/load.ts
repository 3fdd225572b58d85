import { KernelProgram, type KernelSource } from './kernels';
import type { Address } from './operands';
import { panelsOf } from './panels';
import { Program } from './program';

/** Why there are no kernels here, for the console. */
type Report = (reason: unknown) => void;

/** What kernels are loaded with. */
interface LoadOptions extends Pick<KernelSource, 'threads' | 'startThread'> {
  /** As it was measured here before; not given: it is measured. */
  dots?: boolean | undefined;
}

/** Not needed to run a model: a line that hangs is not waited for long. */
const TIMEOUT_MS = 20_000;

/**
 * Fetches the compiled kernels: those with fused products where the browser has relaxed SIMD.
 * @param baseUrl folder of the modules
 * @returns `null` where they cannot be had or run: ONNX Runtime does their work then
 */
export async function loadKernels(
  baseUrl: string,
  { dots, ...threads }: LoadOptions,
  report: Report,
): Promise<KernelSource | null> {
  // threads share memory: without isolation no browser gives it
  if (!globalThis.crossOriginIsolated) return null;
  try {
    const relaxed = await compile(new URL('kernels-relaxed.wasm', baseUrl));
    const module = relaxed ?? (await compile(new URL('kernels.wasm', baseUrl)));
    const useDots = relaxed !== null && (await hasQuickDots(relaxed, dots));
    return module && { ...threads, module, dots: useDots };
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
const [ROWS, WIDTH] = [48, 512];
/** Engines compile twice, quickly and then well: only what comes last counts. */
const MOST_RUNS = 40;
const MOST_MS = 60;
/** Of the time that the other way takes: a tie is left to what every processor does alike. */
const GAIN = 0.9;

/**
 * Whether this processor multiplies bytes faster than pairs of 16-bit integers, and the browser does it
 * right. Only a clock shows it: the same WebAssembly is one instruction on some processors, and four
 * on others. Engines that knew it before it was settled took its factors the other way round.
 * @param module with relaxed SIMD
 * @param known what was measured before: a clock may say something else each time, and words differ slightly
 * @throws OUT_OF_MEMORY
 */
export async function hasQuickDots(module: WebAssembly.Module, known?: boolean): Promise<boolean> {
  if (known === false) return false;
  const [pairs, dots] = [await prepare(module, false), await prepare(module, true)];
  try {
    const [right, found] = [pairs, dots].map(({ program, result }) => {
      program.run();
      return program.floats(result, ROWS * WIDTH).slice();
    });
    if (!right?.every((value, at) => value === found?.[at])) return false;
    if (known) return true;
    const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const end = performance.now() + MOST_MS;
    for (let run = 0; run < MOST_RUNS && performance.now() < end; run++)
      for (const [at, { program }] of [pairs, dots].entries()) {
        const from = performance.now();
        program.run();
        least[at] = Math.min(least[at] ?? 0, performance.now() - from);
      }
    return (least[1] ?? 0) < GAIN * (least[0] ?? 0);
  } finally {
    pairs.program.release();
    dots.program.release();
  }
}

function startThread(): never {
  throw new TypeError('One thread needs no other.');
}

async function prepare(
  module: WebAssembly.Module,
  dots: boolean,
): Promise<{ program: KernelProgram; result: Address }> {
  const program = new Program(dots);
  const panels = panelsOf(
    [
      {
        ...{ depth: WIDTH, columns: WIDTH, columnStep: 1, bias: new Float32Array(WIDTH) },
        // all that bytes can be
        data: new Int8Array(WIDTH * WIDTH).map((_, at) => at * 37 + (at >> 8)),
        rowOffsets: Uint32Array.from({ length: WIDTH }, (_, row) => row * WIDTH),
        steps: { scales: new Float32Array(WIDTH).fill(1), zeros: new Int16Array(WIDTH) },
      },
    ],
    dots,
  );
  if (!panels) throw new TypeError('The weights fit the kernels.');
  const [from, to] = [program.matrix(ROWS, WIDTH), program.matrix(ROWS, WIDTH)];
  const integers = program.integers(ROWS * WIDTH);
  program.quantise(from, integers);
  program.matmul(program.integerRows(from, integers), program.weights(panels), to);
  const loaded = await KernelProgram.load({ module, dots, threads: 1, startThread }, program);
  const values = Float32Array.from({ length: ROWS * WIDTH }, (_, at) => Math.sin(at));
  loaded.floats(from.at, values.length).set(values);
  return { program: loaded, result: to.at };
}
