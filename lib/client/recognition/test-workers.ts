// The recognisers' workers of a page, on a simulated machine: a real port, no thread.
import { onTestFinished, vi } from 'vitest';
import { AppError } from '@/lib/core/errors';
import type { RecogniserMethods } from '@/lib/engine/families/protocol';
import type { Handlers } from '@/lib/engine/rpc/protocol';
import { serve } from '@/lib/engine/rpc/server';
import type { Backend, IntegerProducts } from '@/lib/engine/types';

/** How one backend of the machine behaves. */
interface Abilities {
  /** The text it recognises in any audio. */
  text: string;
  /** The reported duration of a run. */
  runMs: number;
  /** Why it does not load. */
  loadError: AppError | null;
  /** Why it does not recognise. */
  runError: AppError | null;
}

/** A machine whose backends behave as configured; it records their calls. */
export class Machine {
  readonly wasm: Abilities;
  readonly webgpu: Abilities;
  /** `wasm load ai2text-en`, `webgpu recognise`, … in order. */
  readonly calls: string[] = [];
  /** How kernels multiply fastest here, and what loads on `wasm` were given of that. */
  products: IntegerProducts = 'bytes';
  readonly givenProducts: (IntegerProducts | undefined)[] = [];
  /** Running workers, and all that were started. */
  alive = 0;
  started = 0;
  /** Loading on the GPU waits for this. */
  gpuReady: Promise<void> = Promise.resolve();
  /** Loading a model of this id on `wasm` waits for this. */
  readonly wasmReady: Record<string, Promise<void>> = {};

  /** @param text what both backends recognise: the correct text */
  constructor(text: string) {
    const usual = { text, runMs: 100, loadError: null, runError: null };
    this.wasm = { ...usual };
    this.webgpu = { ...usual, runMs: 50 };
    const machine = this;
    vi.stubGlobal(
      'Worker',
      class extends EventTarget {
        private readonly channel = new MessageChannel();

        constructor(url: URL) {
          super();
          const { port1, port2 } = this.channel;
          port1.addEventListener('message', ({ data }) =>
            this.dispatchEvent(new MessageEvent('message', { data })),
          );
          port1.start();
          const backend = url.pathname.includes('asr-webgpu') ? 'webgpu' : 'wasm';
          // Node types its port differently from the browser
          serve<RecogniserMethods>(port2, machine.handlers(backend));
          machine.alive += 1;
          machine.started += 1;
        }

        postMessage(message: unknown, transfer: Transferable[]): void {
          this.channel.port1.postMessage(message, transfer);
        }

        terminate(): void {
          machine.alive -= 1;
          this.channel.port1.close();
        }
      },
    );
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
  }

  private handlers(backend: Backend): Handlers<RecogniserMethods> {
    let loaded: string | null = null;
    return {
      load: async ({ model, threads: wanted, reload, products }) => {
        if (backend === 'wasm') this.givenProducts.push(products);
        this.calls.push(`${backend} load ${model.id}${reload ? ' again' : ''}`);
        if (backend === 'webgpu') await this.gpuReady;
        else await this.wasmReady[model.id];
        const { loadError } = this[backend];
        if (loadError) throw loadError;
        loaded = model.id;
        const threads = wanted ?? 1;
        const info = { modelId: model.id, backend, precision: 'int8', language: 'en', threads };
        const measured = { products: products ?? this.products };
        return { info, runs: [], loadMs: 7, ...(backend === 'wasm' && measured) };
      },
      recognise: async ({ batch }) => {
        this.calls.push(`${backend} recognise`);
        const { runError, text, runMs } = this[backend];
        if (runError) throw runError;
        if (loaded === null) throw new AppError('RECOGNISE_FAILED', 'No model is loaded.');
        const word = { startSample: 0, endSample: 10, confidence: 1 };
        const words = text.split(' ').map((one) => ({ ...word, text: one }));
        const hypotheses = batch.map(() => ({ words }));
        return { hypotheses, inferenceMs: runMs, searchMs: 0, language: 'en' };
      },
      dispose: async () => null,
    };
  }
}

/** What the page has for noting that it ends: no test of recognition is about that. */
export function stubCrashNote(): void {
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('document', { visibilityState: 'hidden', addEventListener: () => undefined });
  vi.stubGlobal('sessionStorage', { getItem: () => null, removeItem: () => undefined });
}
