// The page of the comparison: starts workers, and hands calls on to them.
import type { Call, Reply } from './protocol';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

const workers = new Map<string, Worker>();
const waiting = new Map<number, Waiting>();
let lastId = 0;

function start(name: string): Worker {
  const worker = new Worker(`/site/${name}.js`, { type: 'module', name });
  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if ('error' in data) call?.reject(new Error(data.error));
    else call?.resolve(data.result);
  });
  worker.addEventListener('error', ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(`${name}: ${message}`));
    waiting.clear();
  });
  workers.set(name, worker);
  return worker;
}

globalThis.callWorker = (name, method, params) => {
  const worker = workers.get(name) ?? start(name);
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    const call: Call = { id, method, params };
    worker.postMessage(call);
  });
};

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
