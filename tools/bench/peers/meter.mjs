// Counts what a worker holds outside of JavaScript's heap. To be imported before any runtime.

/** Every WebAssembly memory made here; a runtime has one, which only grows. */
const memories = [];
const gpu = { live: 0, peak: 0 };

const Memory = WebAssembly.Memory;
WebAssembly.Memory = class extends Memory {
  constructor(descriptor) {
    super(descriptor);
    memories.push(this);
  }
};

if (typeof GPUDevice !== 'undefined') {
  const { createBuffer } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;
  const alive = new WeakSet();
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    alive.add(buffer);
    gpu.live += buffer.size;
    gpu.peak = Math.max(gpu.peak, gpu.live);
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    if (alive.delete(this)) gpu.live -= this.size;
    destroy.call(this);
  };
}

/** Bytes of WebAssembly memories, and of GPU buffers that were not destroyed: now, and at most. */
export function heldBytes() {
  return {
    wasm: memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
    gpu: gpu.live,
    gpuPeak: gpu.peak,
  };
}

/** Wall time and calls by name, in ms. */
export class Stopwatch {
  times = {};

  /** Runs `work` and adds its time. @template T @param {() => T | Promise<T>} work */
  async time(name, work) {
    const startMs = performance.now();
    try {
      return await work();
    } finally {
      this.add(name, performance.now() - startMs);
    }
  }

  add(name, ms) {
    this.times[name] ??= { ms: 0, calls: 0 };
    this.times[name].ms += ms;
    this.times[name].calls++;
  }

  /** What was added since the last call. */
  take() {
    const { times } = this;
    this.times = {};
    return times;
  }
}

/**
 * Times every run of a session, as `encoder` or `decoder runs`. What an encoder leaves on the GPU is
 * waited for: else its time would be counted where the result is first needed.
 */
export function timeRuns(session, isEncoder, watch, env) {
  const run = session.run.bind(session);
  session.run = (...args) =>
    watch.time(isEncoder ? 'encoder' : 'decoder runs', async () => {
      const results = await run(...args);
      if (isEncoder && Object.values(results).some(({ location }) => location === 'gpu-buffer'))
        await (await env.webgpu.device).queue.onSubmittedWorkDone();
      return results;
    });
}
