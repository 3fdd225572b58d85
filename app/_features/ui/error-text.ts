import type { JobError } from '@/lib/client/store';
import type { ErrorCode } from '@/lib/core';
import { t } from './messages';
import { noSpeechText } from './no-speech-text';

/** What the user reads about a failure: one sentence each, in plain words. */
export interface ErrorText {
  happened: string;
  /** What to do next; `null` where there is nothing to do. */
  next: string | null;
}

/** A code without messages does not compile; an empty `next` stands for nothing to do. */
type Written = Exclude<ErrorCode, 'NO_SPEECH'>;

/** The words for a failure; `details` as stored with a job, where they say more. */
export function errorText(code: ErrorCode, details: JobError['details'] = {}): ErrorText {
  return code === 'NO_SPEECH' ? noSpeechText(details) : writtenText(code);
}

/** What happened and what to do as running text. */
export function errorSentence(code: ErrorCode, details: JobError['details'] = {}): string {
  const { happened, next } = errorText(code, details);
  return next === null ? happened : `${happened} ${next}`;
}

function writtenText(code: Written): ErrorText {
  const next = t(`${code}.next`);
  return { happened: t(`${code}.happened`), next: next === '' ? null : next };
}
