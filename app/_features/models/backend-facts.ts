import { formatMeasured } from '@/app/_features/ui';
import type { Settings } from '@/lib/client/store';
import type { Backend, BackendChoice, PartRun, SelfTestResult } from '@/lib/engine';

/** Backends as people know them. */
export const BACKEND_NAMES: Record<Backend, string> = { wasm: 'WASM', webgpu: 'WebGPU' };

const OUTCOMES: Record<SelfTestResult['outcome'], string> = {
  right: 'gives the right text',
  'wrong-text': 'gives a wrong text, so it is not used',
  unavailable: 'cannot be used here',
  failed: 'stopped with an error, so it is not used',
};

/** One trial in words: `WASM gives the right text, in 412 ms (loading took 1.3 s).` */
export function trialText({ backend, outcome, runMs, loadMs }: SelfTestResult): string {
  const run = runMs === null ? '' : `, in ${formatMeasured(runMs)}`;
  const load = loadMs === null ? '' : ` (loading took ${formatMeasured(loadMs)})`;
  return `${BACKEND_NAMES[backend]} ${OUTCOMES[outcome]}${run}${load}.`;
}

const PARTS: Record<PartRun['part'], string> = { encoder: 'Encoder', decoder: 'Decoder' };
const RUNS: Record<PartRun['by'], string> = {
  kernels: 'runs on the app’s own kernels',
  loop: 'runs many tokens at a time',
  choice: 'runs one token at a time',
  graph: 'runs as it was published',
};

/**
 * How the model's parts are run, a sentence each, and why not in a quicker way: `Encoder runs as it was
 * published (kernels: this export is of another form).`
 */
export function runTexts({ runs = [], asPublished }: SelfTestResult): string[] {
  const texts = runs.map(
    ({ part, by, reason }) => `${PARTS[part]} ${RUNS[by]}${reason === null ? '' : ` (${reason})`}.`,
  );
  return asPublished === undefined
    ? texts
    : [...texts, `Quicker ways did not give the right text here (${asPublished}).`];
}

/** The backend that a new job runs on: a GPU that gave a wrong text is not used even when wished. */
function usedBackend({ backend, trials }: BackendChoice, wished: Settings['backend']): Backend {
  if (wished !== 'webgpu') return wished === 'auto' ? backend : wished;
  const isRight = trials.some((one) => one.backend === 'webgpu' && one.outcome === 'right');
  return isRight ? 'webgpu' : 'wasm';
}

/** Why it is used, as one sentence with one full stop. */
export function reasonText(choice: BackendChoice, wished: Settings['backend']): string {
  if (wished === 'auto') return `Reason: ${choice.reason.replace(/\.+$/, '')}.`;
  return usedBackend(choice, wished) === wished
    ? 'Reason: you chose it.'
    : `Reason: you chose ${BACKEND_NAMES[wished]}, but it did not give the right text here.`;
}

/** What is used: `WASM is used on this device.` */
export function choiceText(choice: BackendChoice, wished: Settings['backend']): string {
  return `${BACKEND_NAMES[usedBackend(choice, wished)]} is used on this device.`;
}
