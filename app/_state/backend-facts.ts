import type { Backend, BackendChoice, BackendTrial } from '@/lib/asr/recogniser';
import { formatMeasured } from './format';

/** Backends as people know them. */
export const BACKEND_NAMES: Record<Backend, string> = { wasm: 'WASM', webgpu: 'WebGPU' };

const OUTCOMES: Record<BackendTrial['outcome'], string> = {
  right: 'gives the right text',
  'wrong-text': 'gives a wrong text, so it is not used',
  unavailable: 'cannot be used here',
  failed: 'stopped with an error, so it is not used',
};

/** One trial in words: `WASM gives the right text, in 412 ms (loading took 1.3 s).` */
export function trialText({ backend, outcome, runMs, loadMs }: BackendTrial): string {
  const run = runMs === null ? '' : `, in ${formatMeasured(runMs)}`;
  const load = loadMs === null ? '' : ` (loading took ${formatMeasured(loadMs)})`;
  return `${BACKEND_NAMES[backend]} ${OUTCOMES[outcome]}${run}${load}.`;
}

/** Why it was chosen, as one sentence with one full stop. */
export function reasonText({ reason }: BackendChoice): string {
  return `Reason: ${reason.replace(/\.+$/, '')}.`;
}

/** What was chosen: `WASM is used on this device.` */
export function choiceText({ backend }: BackendChoice): string {
  return `${BACKEND_NAMES[backend]} is used on this device.`;
}
