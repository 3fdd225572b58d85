import { AppError } from '../core/errors';
import type { PhoneNetwork } from './ctc/network';

/** Whether a GPU can be used, and in words why not. */
export type GpuProbe = { usable: true; name: string } | { usable: false; reason: string };

/**
 * Asks the browser for a GPU. A software adapter counts as none: it is far slower than `wasm`.
 * @param allowSoftware takes a software adapter too
 */
export async function probeGpu(allowSoftware = false): Promise<GpuProbe> {
  const gpu: GPU | undefined = navigator.gpu;
  if (!gpu) return { usable: false, reason: 'This browser has no WebGPU.' };
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return { usable: false, reason: 'WebGPU finds no graphics adapter here.' };
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  if (isFallbackAdapter && !allowSoftware)
    return { usable: false, reason: `WebGPU has only a software adapter here (${name}).` };
  return { usable: true, name };
}

/**
 * Ends every run when the device is lost: what waits for a lost GPU may otherwise wait for ever.
 * The error is GPU_DEVICE_LOST and fatal.
 */
export function guardDevice(
  network: PhoneNetwork,
  device: { readonly lost: Promise<{ reason: string; message: string }> },
): PhoneNetwork {
  const lost = device.lost.then(({ reason, message }): never => {
    throw new AppError('GPU_DEVICE_LOST', `The GPU was lost (${reason}): ${message}`, {
      fatal: true,
    });
  });
  // between runs nobody listens to it
  lost.catch(() => undefined);
  return {
    run: (pcm, lengths) => Promise.race([lost, network.run(pcm, lengths)]),
    release: () => network.release(),
  };
}
