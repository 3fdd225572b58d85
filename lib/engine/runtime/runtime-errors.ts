import { AppError, isAppError } from '@/lib/core';

/** How allocations fail in ONNX Runtime's wasm, in V8 and in Emscripten. */
const MEMORY =
  /out of memory|\bOOM\b|bad_alloc|memory allocation|allocation failed|cannot enlarge/i;

/** What ONNX Runtime and Dawn say when the GPU is gone. */
const DEVICE_LOST = /device (?:was |is |has been )?lost|lost device|external instance reference/i;

/**
 * The meaning of what ONNX Runtime threw. A wasm trap or an abort leaves its heap in any state, and
 * a lost device does not come back: these are fatal, the worker must be replaced.
 */
export function runtimeError(error: unknown): AppError {
  if (isAppError(error)) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (DEVICE_LOST.test(message))
    return new AppError('GPU_DEVICE_LOST', message, { cause: error, fatal: true });
  if (MEMORY.test(message))
    return new AppError('OUT_OF_MEMORY', message, { cause: error, fatal: true });
  // a bare number is a C++ exception that Emscripten could not name
  const fatal = error instanceof WebAssembly.RuntimeError || typeof error === 'number';
  return new AppError('RECOGNISE_FAILED', message, { cause: error, fatal });
}
