// Counts what a worker holds outside of JavaScript's heap. To be imported before any runtime.
import type { HeldBytes, Times } from './protocol';

/** Every WebAssembly memory made here; a runtime has one, which only grows. */
const memories: WebAssembly.Memory[] = [];
const gpu = { live: 0, peak: 0 };

WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(this);
  }
};

if (typeof GPUDevice !== 'undefined') {
  const { createBuffer } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;
  const alive = new WeakSet<GPUBuffer>();
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    alive.add(buffer);
    gpu.live += buffer.size;
    gpu.peak = Math.max(gpu.peak, gpu.live);
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    if (alive.delete(this)) gpu.live -= this.size;
    return destroy.call(this);
  };
}

/** What this worker holds. */
export function heldBytes(): HeldBytes {
  return {
    wasm: memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
    gpu: gpu.live,
    gpuPeak: gpu.peak,
  };
}

/** Wall time and calls by name. */
export class Stopwatch {
  private times: Times = {};

  /** Runs `work` and adds its time. */
  async time<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    const startMs = performance.now();
    try {
      return await work();
    } finally {
      this.add(name, performance.now() - startMs);
    }
  }

  add(name: string, ms: number): void {
    const known = this.times[name] ?? { ms: 0, calls: 0 };
    this.times[name] = { ms: known.ms + ms, calls: known.calls + 1 };
  }

  /** What was added since the last call. */
  take(): Times {
    const { times } = this;
    this.times = {};
    return times;
  }
}

/** What both copies of ONNX Runtime have in common: they are of different versions. */
interface TimedSession {
  run(...args: never[]): Promise<Readonly<Record<string, { location?: string }>>>;
}

/** The part of a runtime's environment that is used. */
interface TimedEnv {
  webgpu?: { device?: unknown };
}

/**
 * Times every run of a session, as `encoder` or `decoder runs`. What an encoder leaves on the GPU is
 * waited for: else its time would be counted where the result is first needed.
 */
export function timeRuns(
  session: TimedSession,
  isEncoder: boolean,
  watch: Stopwatch,
  env: TimedEnv,
): void {
  const run = session.run.bind(session);
  session.run = (...args) =>
    watch.time(isEncoder ? 'encoder' : 'decoder runs', async () => {
      const results = await run(...args);
      if (isEncoder && Object.values(results).some(({ location }) => location === 'gpu-buffer')) {
        const device = await env.webgpu?.device;
        if (device instanceof GPUDevice) await device.queue.onSubmittedWorkDone();
      }
      return results;
    });
}
