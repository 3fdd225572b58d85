// The page of the comparison: starts workers, and hands calls on to them.

/** @type {Map<string, Worker>} */
const workers = new Map();
const waiting = new Map();
let lastId = 0;

/** Starts the worker on its first call. @returns {Promise<unknown>} */
globalThis.callWorker = (name, method, params) => {
  let worker = workers.get(name);
  if (!worker) {
    worker = new Worker(`/site/${name}.js`, { type: 'module', name });
    worker.addEventListener('message', ({ data: { id, result, error } }) => {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(error));
      else resolve(result);
    });
    worker.addEventListener('error', ({ message }) => {
      for (const { reject } of waiting.values()) reject(new Error(`${name}: ${message}`));
      waiting.clear();
    });
    workers.set(name, worker);
  }
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, method, params });
  });
};

/** What WebGPU runs on here; `null` where there is none. */
globalThis.describeGpu = async () => {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) return null;
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  return {
    name: [vendor, architecture, description].filter(Boolean).join(' '),
    isSoftware: Boolean(isFallbackAdapter) || /swiftshader|llvmpipe/i.test(architecture),
  };
};

document.documentElement.dataset.ready = '';
