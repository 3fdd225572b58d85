// What all workers of the comparison answer, whichever engine they hold.
import { messageOf } from '../../command/errors';
import { heldBytes } from './meter';
import type { Call, Methods, Reply, Setting, Times, WindowResult } from './protocol';

const SAMPLES = 30 * 16_000;

let speech: Promise<Float32Array> | null = null;

async function fetchSpeech(): Promise<Float32Array> {
  const response = await fetch('/audio/speech.f32');
  return new Float32Array(await response.arrayBuffer());
}

/** 30 s of speech, another one for each number. */
async function window(index: number): Promise<Float32Array> {
  speech ??= fetchSpeech();
  const all = await speech;
  const start = (index * SAMPLES) % all.length;
  return Float32Array.from({ length: SAMPLES }, (_, at) => all[(start + at) % all.length] ?? 0);
}

/** An engine that has loaded a model. */
export interface Engine {
  /** With that of its runtime. */
  version: string;
  recognise(windows: readonly Float32Array[]): Promise<WindowResult[]>;
  /** What it took since the last call. */
  takeTimes(): Times;
}

/** Answers `load`, `run` and `held` of the page. */
export function serve(open: (setting: Setting) => Promise<Engine>): void {
  let engine: Engine | null = null;
  const load = async (setting: Setting): Promise<Methods['load']['result']> => {
    const startMs = performance.now();
    engine = await open(setting);
    const runtime = performance
      .getEntriesByType('resource')
      .map(({ name }) => name.split('/').at(-1))
      .find((name) => name?.endsWith('.wasm'));
    return { ms: performance.now() - startMs, version: engine.version, runtime };
  };
  const run = async ({
    first,
    count,
  }: Methods['run']['params']): Promise<Methods['run']['result']> => {
    if (!engine) throw new Error('No model is loaded.');
    const windows = await Promise.all(Array.from({ length: count }, (_, at) => window(first + at)));
    engine.takeTimes();
    const startMs = performance.now();
    const results = await engine.recognise(windows);
    const ms = performance.now() - startMs;
    return { ms, times: engine.takeTimes(), results };
  };
  /** What is held when garbage is not counted. */
  const held = (): Methods['held']['result'] => {
    globalThis.gc?.();
    return heldBytes();
  };
  const answer = ({ method, params }: Call): unknown => {
    // each method goes with its own params: `Call` cannot say so of a message
    if (method === 'load') return load(params as Setting);
    if (method === 'run') return run(params as Methods['run']['params']);
    return held();
  };
  self.addEventListener('message', async ({ data }: MessageEvent<Call>) => {
    const reply = (message: Reply) => self.postMessage(message);
    try {
      reply({ id: data.id, result: await answer(data) });
    } catch (error) {
      const stack = error instanceof Error ? error.stack : undefined;
      reply({ id: data.id, error: stack ?? messageOf(error) });
    }
  });
}
