import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { runtimeError } from './runtime-errors';

describe('runtimeError', () => {
  it.each([
    [new Error('Aborted(OOM). Build with -sASSERTIONS for more info.'), 'OUT_OF_MEMORY', true],
    [new Error('std::bad_alloc'), 'OUT_OF_MEMORY', true],
    [new RangeError('Array buffer allocation failed'), 'OUT_OF_MEMORY', true],
    [new Error('WebGPU validation failed. Device was lost.'), 'GPU_DEVICE_LOST', true],
    [new WebAssembly.RuntimeError('memory access out of bounds'), 'RECOGNISE_FAILED', true],
    [10_736_416, 'RECOGNISE_FAILED', true],
    [new Error("input 'lengths' is missing in 'feeds'."), 'RECOGNISE_FAILED', false],
  ])('reads %s as %s', (thrown, code, fatal) => {
    expect(runtimeError(thrown)).toMatchObject({ code, fatal });
  });

  it('keeps an error that already has its meaning', () => {
    const error = new AppError('BACKEND_UNAVAILABLE', 'No GPU.');
    expect(runtimeError(error)).toBe(error);
  });
});
