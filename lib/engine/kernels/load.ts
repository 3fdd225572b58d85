import type { KernelSource } from './kernels';
import { hasQuickDots } from './probe';

/** Why there are no kernels here, for the console. */
type Report = (reason: unknown) => void;

/** Not needed to run a model: a line that hangs is not waited for long. */
const TIMEOUT_MS = 20_000;

/**
 * Fetches the compiled kernels: those with fused products where the browser has relaxed SIMD.
 * @param baseUrl folder of the modules
 * @returns `null` where they cannot be had or run: ONNX Runtime does their work then
 */
export async function loadKernels(
  baseUrl: string,
  threads: Pick<KernelSource, 'threads' | 'startThread'>,
  report: Report,
): Promise<KernelSource | null> {
  // threads share memory: without isolation no browser gives it
  if (!globalThis.crossOriginIsolated) return null;
  try {
    const relaxed = await compile(new URL('kernels-relaxed.wasm', baseUrl));
    const module = relaxed ?? (await compile(new URL('kernels.wasm', baseUrl)));
    return module && { ...threads, module, dots: relaxed !== null && (await hasQuickDots(module)) };
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
