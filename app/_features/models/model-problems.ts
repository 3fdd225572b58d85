import { type ErrorText, errorText, formatBytes } from '@/app/_features/ui';
import type { ErrorCode } from '@/lib/core';
import type { SelfTestResult } from '@/lib/engine';
import { trialText } from './backend-facts';

/** A failure as far as the pages know it. */
export interface ModelProblem {
  code: ErrorCode;
  details: Record<string, string | number | boolean | null>;
}

const DOWNLOAD_TEXTS: Partial<Record<ErrorCode, ErrorText>> = {
  OFFLINE: {
    happened: 'There is no connection.',
    next: 'Retry once it is back: what has come is kept.',
  },
  MODEL_DOWNLOAD_FAILED: {
    happened: 'The download broke off, or the other site did not answer.',
    next: 'Retry goes on from where it stopped.',
  },
  MODEL_HASH_MISMATCH: {
    happened: 'A file that came is not the one that the repository lists, so it was thrown away.',
    next: 'Retry downloads it again.',
  },
  NOT_FOUND: {
    happened: 'The repository no longer has these files, or shows them to its members only.',
    next: 'Open it on its own site to see what is there.',
  },
};

const ADD_TEXTS: Partial<Record<ErrorCode, ErrorText>> = {
  BAD_REQUEST: {
    happened: 'This is not the name of a repository.',
    next: 'It has the form owner/name, or is the address of its page.',
  },
  NOT_FOUND: {
    happened: 'There is no such repository, or it is not open to everyone.',
    next: 'Check the name.',
  },
  MODEL_DOWNLOAD_FAILED: {
    happened: 'The site with the models did not answer.',
    next: 'Try again later.',
  },
  SOURCE_UNREADABLE: {
    happened: 'A file could not be read.',
    next: 'Check that it is still there and choose the folder again.',
  },
};

/** How much is missing, where the failure says so. */
function roomText({ details }: ModelProblem): ErrorText {
  const { neededBytes, freeBytes } = details;
  let happened = 'The storage of this browser is full.';
  if (typeof neededBytes === 'number' && typeof freeBytes === 'number') {
    // some of what is free is left for the text of recordings
    const only = freeBytes >= neededBytes ? 'only ' : '';
    const rest = only === '' ? '' : ', of which some is left for your texts';
    happened = `There is not enough room: it needs ${formatBytes(neededBytes)}, and ${only}${formatBytes(freeBytes)} are free${rest}.`;
  }
  return {
    happened,
    next: 'Delete other models here or recordings in Settings, or free some disk space; then try again.',
  };
}

/** Why a model is not there yet, and what to do. */
export function downloadProblemText(problem: ModelProblem): ErrorText {
  if (problem.code === 'STORE_QUOTA') return roomText(problem);
  return DOWNLOAD_TEXTS[problem.code] ?? errorText(problem.code);
}

/** Why a model could not be added, and what to do. */
export function addProblemText(problem: ModelProblem): ErrorText {
  if (problem.code === 'STORE_QUOTA') return roomText(problem);
  return ADD_TEXTS[problem.code] ?? errorText(problem.code);
}

/**
 * What came of the check on the known recording when no backend passed it: what each did, where
 * that is known.
 */
export function checkProblemText({ code, details }: ModelProblem): string {
  if (code !== 'BACKEND_UNAVAILABLE') return errorText(code).happened;
  const trials = (['wasm', 'webgpu'] as const).flatMap((backend) => {
    const outcome = /^(wrong-text|unavailable|failed):/.exec(String(details[backend] ?? ''))?.[1];
    if (outcome === undefined) return [];
    // one of the three that the expression lets through
    const known = outcome as SelfTestResult['outcome'];
    return [trialText({ backend, outcome: known, runMs: null, loadMs: null, detail: '' })];
  });
  return trials.length > 0
    ? `Tried on a known recording: ${trials.join(' ')}`
    : errorText(code).happened;
}
