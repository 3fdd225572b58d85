import { AppError } from '@/lib/core';

/** Whether a GPU can be used, and why not: for pages, and in words for logs. */
export type GpuProbe =
  | { usable: true; name: string; features: ReadonlySet<string> }
  | { usable: false; problem: 'no-webgpu' | 'no-adapter' | 'software-only'; reason: string };

/**
 * Asks the browser for a GPU. A software adapter counts as none: it is far slower than `wasm`.
 * @param allowSoftware takes a software adapter too
 */
export async function probeGpu(allowSoftware = false): Promise<GpuProbe> {
  const gpu: GPU | undefined = navigator.gpu;
  if (!gpu) return { usable: false, problem: 'no-webgpu', reason: 'This browser has no WebGPU.' };
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    return {
      usable: false,
      problem: 'no-adapter',
      reason: 'WebGPU finds no graphics adapter here.',
    };
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  if (isFallbackAdapter && !allowSoftware)
    return {
      usable: false,
      problem: 'software-only',
      reason: `WebGPU has only a software adapter here (${name}).`,
    };
  return { usable: true, name, features: new Set(adapter.features ?? []) };
}

/**
 * A promise that rejects when the device is lost, for runs to be raced with: what waits for a lost
 * GPU may otherwise wait for ever. The error is GPU_DEVICE_LOST and fatal.
 */
export function deviceLoss(device: {
  readonly lost: Promise<{ reason: string; message: string }>;
}): Promise<never> {
  const lost = device.lost.then(({ reason, message }): never => {
    throw new AppError('GPU_DEVICE_LOST', `The GPU was lost (${reason}): ${message}`, {
      fatal: true,
    });
  });
  // between runs nobody listens to it
  lost.catch(() => undefined);
  return lost;
}
