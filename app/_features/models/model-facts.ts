import { currentLanguage, formatLocale } from '@/app/_features/i18n';
import {
  type ErrorText,
  errorText,
  formatBytes,
  formatList,
  formatNumber,
  formatRoughBytes,
  remainingText,
} from '@/app/_features/ui';
import type { CatalogueModel, PublishedModel, PublishedVariant } from '@/lib/catalogue';
import type {
  ListedModel,
  ModelState,
  ModelTransfer,
  TransferProgress,
} from '@/lib/client/model-library';
import type { Settings } from '@/lib/client/store';
import type { ErrorCode } from '@/lib/core';
import type { Backend, SelfTestResult } from '@/lib/engine';
import type { GpuProbe } from '@/lib/engine/runtime';
import { selfTestText } from './backend-facts';
import { t } from './messages';

/** A failure as far as the pages know it. */
export interface ModelProblem {
  code: ErrorCode;
  details: Record<string, string | number | boolean | null>;
}

const DOWNLOAD_PROBLEMS = [
  'OFFLINE',
  'MODEL_DOWNLOAD_FAILED',
  'MODEL_HASH_MISMATCH',
  'NOT_FOUND',
] as const satisfies readonly ErrorCode[];

const ADD_PROBLEMS = [
  'BAD_REQUEST',
  'NOT_FOUND',
  'MODEL_DOWNLOAD_FAILED',
  'SOURCE_UNREADABLE',
] as const satisfies readonly ErrorCode[];

/** How much is missing, where the failure says so. */
function roomText({ details }: ModelProblem): ErrorText {
  const { neededBytes, freeBytes } = details;
  let happened = t('storageFull');
  if (typeof neededBytes === 'number' && typeof freeBytes === 'number') {
    // some of what is free is left for the text of recordings
    const key = freeBytes >= neededBytes ? 'noRoomBesideTexts' : 'noRoom';
    happened = t(key, { needed: formatBytes(neededBytes), free: formatBytes(freeBytes) });
  }
  return { happened, next: t('makeRoom') };
}

/** Why a model is not there yet, and what to do. */
export function downloadProblemText(problem: ModelProblem): ErrorText {
  if (problem.code === 'STORE_QUOTA') return roomText(problem);
  const known = DOWNLOAD_PROBLEMS.find((code) => code === problem.code);
  if (!known) return errorText(problem.code);
  return { happened: t(`download.${known}.happened`), next: t(`download.${known}.next`) };
}

/** Why a model could not be added, and what to do. */
export function addProblemText(problem: ModelProblem): ErrorText {
  if (problem.code === 'STORE_QUOTA') return roomText(problem);
  const known = ADD_PROBLEMS.find((code) => code === problem.code);
  if (!known) return errorText(problem.code);
  return { happened: t(`add.${known}.happened`), next: t(`add.${known}.next`) };
}

/**
 * The outcome of the check on the self-test clip when no backend passed it: what each did, where
 * that is known.
 */
export function checkProblemText({ code, details }: ModelProblem): string {
  if (code !== 'BACKEND_UNAVAILABLE') return errorText(code).happened;
  const results = (['wasm', 'webgpu'] as const).flatMap((backend) => {
    const match = /^(wrong-text|unavailable|failed): ?(.*)$/s.exec(String(details[backend] ?? ''));
    const [, outcome, detail = ''] = match ?? [];
    if (outcome === undefined) return [];
    // one of the three that the expression lets through
    const known = outcome as SelfTestResult['outcome'];
    return [selfTestText({ backend, outcome: known, runMs: null, loadMs: null, detail })];
  });
  return results.length > 0
    ? t('triedOnTestRecording', { results: results.join(' ') })
    : errorText(code).happened;
}

/** This many languages are named at once; more are counted, and named where there is room. */
const NAMED_LANGUAGES = 2;

/** What a model is good for, in the language of the page where that is known. */
export function descriptionOf({
  description,
  descriptions,
}: Pick<CatalogueModel, 'description' | 'descriptions'>): string {
  return descriptions?.[currentLanguage().tag] ?? description;
}

/** A rounded size: `about 43 MB`, `about 1.6 GB`. */
function aboutBytes(bytes: number): string {
  return t('about', { size: formatRoughBytes(bytes) });
}

/** What is downloaded for one backend; said to be rounded where the files' lengths are not known. */
export function sizeText({ files, approximateBytes }: PublishedVariant): string {
  let exact = 0;
  for (const { bytes } of Object.values(files)) {
    if (bytes === null) return aboutBytes(approximateBytes);
    exact += bytes;
  }
  return formatBytes(exact);
}

/** BCP 47 for several languages that are not named: so of models whose makers did not list them. */
const SEVERAL = 'mul';

/** Languages of Whisper that Chromium's own data have no names for. */
const UNNAMED = { ba: 'bashkir', bo: 'tibetan' } as const;

/** A language's name in the reader's; the code itself where it is not known. */
function languageName(code: string): string {
  const names = new Intl.DisplayNames(formatLocale(), { type: 'language', fallback: 'none' });
  const own = code === 'ba' || code === 'bo' ? t(UNNAMED[code]) : code;
  return names.of(code) ?? own;
}

/** Languages with their names, in the order of these. */
export function namedLanguages(codes: readonly string[]): { code: string; name: string }[] {
  return codes
    .map((code) => ({ code, name: languageName(code) }))
    .sort((a, b) => a.name.localeCompare(b.name, formatLocale()));
}

/** `English`, `English and German`, `99 languages`, `several languages`. */
export function languagesText(codes: readonly string[]): string {
  if (codes.includes(SEVERAL)) return t('severalLanguages');
  return codes.length > NAMED_LANGUAGES
    ? t('languages', { count: codes.length })
    : formatList(codes.map(languageName));
}

/** Whether a model comes with the app: its files are fetched from there. */
export function isBuiltIn({ model, added, shelf }: ListedModel): boolean {
  return model.repository === '' && !added && shelf === undefined;
}

/** What the catalogue calls the only measure that is not the name of a test set. */
const MEAN = 'mean of 8 English test sets';

/** `LibriSpeech test-clean 5.7 %`. */
export function scoreText({ percent, on }: PublishedModel['scores'][number]): string {
  const measure = on === MEAN ? t('meanOfTestSets') : on;
  // 15.45 is a little less as a binary number, and is 15.5 all the same
  return `${measure} ${t('percent', { percent: formatNumber(Math.round(percent * 10 + 1e-6) / 10, 1) })}`;
}

/** Who measured: once for all scores of the same source. */
export function scoreSources(scores: PublishedModel['scores']): string {
  return [...new Set(scores.map(({ source }) => source))].join('; ');
}

/** `12.3 MB of 206 MB, about 30 s left`. */
export function transferText(
  { doneBytes, totalBytes }: TransferProgress,
  secondsLeft: number | null = null,
): string {
  const left = remainingText(secondsLeft === null ? null : secondsLeft * 1000);
  const done = t('doneOfTotal', { done: formatBytes(doneBytes), total: formatBytes(totalBytes) });
  return left === '' ? done : `${done}, ${left}`;
}

/** What is on its way: the model itself, or its files for a second processor. */
export function transferOf(state: ModelState): ModelTransfer | null {
  if (state.state === 'absent') return null;
  return state.state === 'installed' ? (state.transfer ?? null) : state;
}

/** 0 to 100. */
export function transferPercent({ doneBytes, totalBytes }: TransferProgress): number {
  return totalBytes > 0 ? Math.min(100, Math.floor((doneBytes / totalBytes) * 100)) : 0;
}

/** Whether a model knows more than one language. */
function isMultilingual({ languages }: CatalogueModel): boolean {
  return languages.length > 1 || languages.includes(SEVERAL);
}

/**
 * The languages that can be chosen for a model. Where its makers list none, those that others of
 * its family have.
 */
export function choosableLanguages(
  model: CatalogueModel,
  listed: readonly ListedModel[] | null,
): readonly string[] {
  if (!isMultilingual(model)) return model.languages;
  const family = (listed ?? []).filter((other) => other.model.family === model.family);
  const all = model.languages.includes(SEVERAL)
    ? [model, ...family.map((other) => other.model)].flatMap(({ languages }) => languages)
    : model.languages;
  return [...new Set(all)].filter((code) => code !== SEVERAL);
}

/**
 * Whether a model can turn other languages into English text: multilingual Whisper can, but for
 * the turbo and distilled ones, which were not trained to.
 */
export function canTranslate(model: CatalogueModel): boolean {
  if (model.family !== 'whisper' || !isMultilingual(model)) return false;
  return !/turbo|distil/i.test(`${model.repository} ${model.name}`);
}

/** How many languages of one recording can be declared. */
const MOST = 3;

/**
 * The languages that were chosen, of those that the model knows.
 * @param value as the setting has it: BCP 47, several with commas between them
 */
export function chosenLanguages(value: string | null, known: readonly string[]): string[] {
  const codes = (value ?? '').split(',').filter((code) => known.includes(code));
  return [...new Set(codes)].slice(0, MOST);
}

/**
 * The setting with the language at one place chosen.
 * @param code empty: none at this position; later ones move up
 */
export function withLanguage(
  chosen: readonly string[],
  place: number,
  code: string,
): string | null {
  const codes = [...chosen.slice(0, place), code, ...chosen.slice(place + 1)];
  return codes.filter((one) => one !== '').join(',') || null;
}

/** What decides which files of a model can be used here. */
export interface Device {
  /** `null` until the browser was asked. */
  gpu: GpuProbe | null;
  /** The backend the user wants. */
  wished: Settings['backend'];
}

/** The files for one backend. */
interface Choice {
  backend: Backend;
  variant: PublishedVariant;
}

/** Why a model's files for the GPU cannot be used here; `null` when they can. */
function gpuObstacle({ needs }: PublishedVariant, { gpu, wished }: Device): string | null {
  if (wished === 'wasm') return t('wasmChosen');
  if (!gpu) return t('askingForGpu');
  if (!gpu.usable) return t(`gpu.${gpu.problem}`);
  const missing = needs.filter((feature) => !gpu.features.has(feature));
  return missing.length === 0 ? null : t('noHalfPrecision');
}

/** What of a model runs on this device, best first: the graphics processor where it can be used. */
export function fittingChoices({ backends }: PublishedModel, device: Device): Choice[] {
  const { wasm, webgpu } = backends;
  const fitting: Choice[] = [];
  if (webgpu && gpuObstacle(webgpu, device) === null)
    fitting.push({ backend: 'webgpu', variant: webgpu });
  if (wasm) fitting.push({ backend: 'wasm', variant: wasm });
  return fitting;
}

/** Why nothing of a model runs on this device; `null` when something does. */
export function obstacle(model: PublishedModel, device: Device): string | null {
  const { webgpu } = model.backends;
  if (fittingChoices(model, device).length > 0) return null;
  return webgpu ? gpuObstacle(webgpu, device) : t('noFilesToRun');
}

/** Whether what was downloaded of a model runs on this device. */
export function canUse(model: PublishedModel, state: ModelState, device: Device): boolean {
  if (state.state !== 'installed') return false;
  return fittingChoices(model, device).some(({ backend }) => state.backends.includes(backend));
}
