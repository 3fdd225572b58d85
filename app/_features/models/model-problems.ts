import { type ErrorText, errorText, formatBytes } from '@/app/_features/ui';
import type { ErrorCode } from '@/lib/core';
import type { SelfTestResult } from '@/lib/engine';
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
