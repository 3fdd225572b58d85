import { formatMeasured } from '@/app/_features/ui';
import type { Settings } from '@/lib/client/store';
import type { Backend, BackendChoice, SelfTestResult } from '@/lib/engine';
import type { GpuProbe } from '@/lib/engine/runtime';
import { t } from './messages';

/** Backends as people know them. */
export const BACKEND_NAMES: Record<Backend, string> = { wasm: 'WASM', webgpu: 'WebGPU' };

/** One self-test in words: `WASM gives the right text, in 412 ms (loading took 1.3 s).` */
export function selfTestText(result: SelfTestResult): string {
  const { backend, runMs, loadMs } = result;
  const run = runMs === null ? '' : t('ranIn', { time: formatMeasured(runMs) });
  const load = loadMs === null ? '' : t('loadedIn', { time: formatMeasured(loadMs) });
  return `${t(`selfTest.${shownOutcome(result)}`, { backend: BACKEND_NAMES[backend] })}${run}${load}.`;
}

/** Why there was no self-test on the graphics processor; `null`: there was one, or it is not known. */
export function missingGpuText(
  { backend, outcome }: SelfTestResult,
  gpu: GpuProbe | null,
): string | null {
  const isMissing = backend === 'webgpu' && outcome === 'unavailable' && gpu?.usable === false;
  return isMissing ? t(`gpu.${gpu.problem}`) : null;
}

/** What was seen: whether a text is right can only be said where the right one is known. */
function shownOutcome({ outcome, detail, anyText }: SelfTestResult) {
  if (outcome === 'right' && anyText) return 'some-text';
  return outcome === 'wrong-text' && detail === '' ? 'no-text' : outcome;
}

/** What a self-test could not tell; `null`: it could. */
export function unknownTextNote(results: readonly SelfTestResult[]): string | null {
  return results.some(isAnyText) ? t('rightTextUnknown') : null;
}

const isAnyText = ({ outcome, anyText }: SelfTestResult) => outcome === 'right' && anyText === true;

/**
 * How the model's parts are run, a sentence each, and why not in a faster way: `Encoder runs as it was
 * published (kernels: this export is of another form).`
 */
export function runTexts({ runs = [], asPublished, anyText }: SelfTestResult): string[] {
  const texts = runs.map(({ part, by, reason }) => {
    const run = t(`runs.${by}`, { part: t(part) });
    return `${run}${reason === null ? '' : ` (${reason})`}.`;
  });
  if (asPublished === undefined) return texts;
  return [...texts, t(anyText ? 'quickerWaysFailed' : 'quickerWaysWrong', { asPublished })];
}

/** The backend that a new job runs on: a GPU that gave a wrong text is not used even when wished. */
function usedBackend({ backend, trials }: BackendChoice, wished: Settings['backend']): Backend {
  if (wished !== 'webgpu') return wished === 'auto' ? backend : wished;
  const isRight = trials.some((one) => one.backend === 'webgpu' && one.outcome === 'right');
  return isRight ? 'webgpu' : 'wasm';
}

/** Why it is used. */
export function reasonText(choice: BackendChoice, wished: Settings['backend']): string {
  const known = !choice.trials.some(isAnyText);
  if (wished === 'auto') {
    const isRight = ({ outcome }: SelfTestResult) => outcome === 'right';
    const key = choice.trials.filter(isRight).length > 1 ? 'reasonFastest' : 'reasonOnlyRight';
    return t(known ? key : `${key}.any`, { backend: BACKEND_NAMES[choice.backend] });
  }
  if (usedBackend(choice, wished) === wished) return t('reasonChosen');
  return t(known ? 'reasonChosenWrong' : 'reasonChosenWrong.any', {
    backend: BACKEND_NAMES[wished],
  });
}

/** What is used: `WASM is used on this device.` */
export function choiceText(choice: BackendChoice, wished: Settings['backend']): string {
  return t('usedOnDevice', { backend: BACKEND_NAMES[usedBackend(choice, wished)] });
}
