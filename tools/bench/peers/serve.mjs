// What all workers of the comparison answer, whichever engine they hold.
import { heldBytes } from './meter.mjs';

const SAMPLES = 30 * 16_000;

/** @type {Promise<Float32Array> | undefined} */
let speech;

/** 30 s of speech, another one for each number. */
async function window(index) {
  speech ??= fetch('/audio/speech.f32')
    .then((response) => response.arrayBuffer())
    .then((bytes) => new Float32Array(bytes));
  const all = await speech;
  const start = (index * SAMPLES) % all.length;
  return Float32Array.from({ length: SAMPLES }, (_, at) => all[(start + at) % all.length]);
}

/**
 * @typedef {{version: string, recognise: (windows: Float32Array[]) => Promise<{text: string,
 *   tokens: number[]}[]>, takeTimes: () => Record<string, {ms: number, calls: number}>}} Engine
 */

/**
 * Answers `load`, `run` and `held` of the page.
 * @param {(params: object) => Promise<Engine>} load
 */
export function serve(load) {
  /** @type {Engine | undefined} */
  let engine;
  const methods = {
    async load(params) {
      const startMs = performance.now();
      engine = await load(params);
      const runtime = performance
        .getEntriesByType('resource')
        .map(({ name }) => name.split('/').at(-1))
        .find((name) => name?.endsWith('.wasm'));
      return { ms: performance.now() - startMs, version: engine.version, runtime };
    },
    /** Windows `first` to `first + count - 1` in one call of the engine. */
    async run({ first, count }) {
      const windows = await Promise.all(
        Array.from({ length: count }, (_, at) => window(first + at)),
      );
      engine.takeTimes();
      const startMs = performance.now();
      const results = await engine.recognise(windows);
      const ms = performance.now() - startMs;
      return { ms, times: engine.takeTimes(), results };
    },
    /** What is held when garbage is not counted. */
    held() {
      globalThis.gc?.();
      return heldBytes();
    },
  };
  self.addEventListener('message', async ({ data: { id, method, params } }) => {
    try {
      self.postMessage({ id, result: await methods[method](params) });
    } catch (error) {
      self.postMessage({ id, error: String(error?.stack ?? error) });
    }
  });
}
