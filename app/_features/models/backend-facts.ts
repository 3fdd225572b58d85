import { formatMeasured } from '@/app/_features/ui';
import type { Settings } from '@/lib/client/store';
import type { Backend, BackendChoice, SelfTestResult } from '@/lib/engine';
import { t } from './messages';

/** Backends as people know them. */
export const BACKEND_NAMES: Record<Backend, string> = { wasm: 'WASM', webgpu: 'WebGPU' };

/** One self-test in words: `WASM gives the right text, in 412 ms (loading took 1.3 s).` */
export function selfTestText({ backend, outcome, runMs, loadMs }: SelfTestResult): string {
  const run = runMs === null ? '' : t('ranIn', { time: formatMeasured(runMs) });
  const load = loadMs === null ? '' : t('loadedIn', { time: formatMeasured(loadMs) });
  return `${t(`selfTest.${outcome}`, { backend: BACKEND_NAMES[backend] })}${run}${load}.`;
}

/**
 * How the model's parts are run, a sentence each, and why not in a faster way: `Encoder runs as it was
 * published (kernels: this export is of another form).`
 */
export function runTexts({ runs = [], asPublished }: SelfTestResult): string[] {
  const texts = runs.map(({ part, by, reason }) => {
    const run = t(`runs.${by}`, { part: t(part) });
    return `${run}${reason === null ? '' : ` (${reason})`}.`;
  });
  return asPublished === undefined ? texts : [...texts, t('quickerWaysWrong', { asPublished })];
}

/** The backend that a new job runs on: a GPU that gave a wrong text is not used even when wished. */
function usedBackend({ backend, trials }: BackendChoice, wished: Settings['backend']): Backend {
  if (wished !== 'webgpu') return wished === 'auto' ? backend : wished;
  const isRight = trials.some((one) => one.backend === 'webgpu' && one.outcome === 'right');
  return isRight ? 'webgpu' : 'wasm';
}

/** Why it is used. */
export function reasonText(choice: BackendChoice, wished: Settings['backend']): string {
  if (wished === 'auto') {
    const isRight = ({ outcome }: SelfTestResult) => outcome === 'right';
    const key = choice.trials.filter(isRight).length > 1 ? 'reasonFastest' : 'reasonOnlyRight';
    return t(key, { backend: BACKEND_NAMES[choice.backend] });
  }
  return usedBackend(choice, wished) === wished
    ? t('reasonChosen')
    : t('reasonChosenWrong', { backend: BACKEND_NAMES[wished] });
}

/** What is used: `WASM is used on this device.` */
export function choiceText(choice: BackendChoice, wished: Settings['backend']): string {
  return t('usedOnDevice', { backend: BACKEND_NAMES[usedBackend(choice, wished)] });
}
