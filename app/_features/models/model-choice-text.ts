import { type ErrorText, errorText } from '@/app/_features/ui';
import type { ModelInUse, ModelTransfer, StandIn } from '@/lib/client/model-library';
import type { SecondModel } from '@/lib/client/recording';
import type { SecondPass } from '@/lib/client/store';
import type { ErrorCode } from '@/lib/core';
import { t } from './messages';
import { downloadProblemText, transferText } from './model-facts';

/** Why the large model could not be used, with Draft in its place, and what to do. */
const TROUBLES = [
  'OUT_OF_MEMORY',
  'STORE_QUOTA',
  'BACKEND_UNAVAILABLE',
] as const satisfies readonly ErrorCode[];

/** Why the large model did not come from this app's own server; `Try again` stands beside it. */
const FETCH_PROBLEMS = [
  'OFFLINE',
  'MODEL_DOWNLOAD_FAILED',
  'MODEL_HASH_MISMATCH',
  'STORE_QUOTA',
  'NOT_FOUND',
] as const satisfies readonly ErrorCode[];

interface Names {
  base: string;
  draft: string;
  /** Of `chosen`. */
  chosen: string;
}

/** Which model writes new recordings' text, and why, in one or two sentences. */
export function modelInUseText(
  { standIn, tooSmall }: Pick<ModelInUse, 'standIn' | 'tooSmall'>,
  names: Names,
  transfer: ModelTransfer | null,
): string {
  if (standIn) return standInText(standIn, names, transfer);
  return tooSmall === null
    ? t('writesText', { model: names.chosen })
    : t(`tooSmall.${tooSmall}`, { model: names.chosen, base: names.base });
}

function standInText(
  standIn: StandIn,
  { base, draft }: Names,
  transfer: ModelTransfer | null,
): string {
  if (standIn.kind === 'trouble') {
    const { happened, next } = troubleText(standIn.code, base);
    return t('draftStandsIn', { happened, draft, next });
  }
  switch (transfer?.state) {
    case 'downloading':
      return t('beingFetched', {
        base,
        transfer: transferText(transfer, transfer.secondsLeft),
        draft,
      });
    case 'paused':
      return t('fetchPaused', { base, transfer: transferText(transfer), draft });
    case 'failed': {
      const { code } = transfer.error;
      const { happened, next } = fetchProblemText(code);
      return [t('notFetched', { base, draft }), happened, next]
        .filter((part) => part !== null)
        .join(' ');
    }
    case undefined:
      return t('fetchedNext', { base, draft });
  }
}

function fetchProblemText(code: ErrorCode): ErrorText {
  const known = FETCH_PROBLEMS.find((one) => one === code);
  if (!known) return downloadProblemText({ code, details: {} });
  return { happened: t(`fetch.${known}.happened`), next: t(`fetch.${known}.next`) };
}

/** `null`: it says no more than the general sentence does. */
function knownTrouble(code: ErrorCode, base: string): { happened: string; next: string } | null {
  const known = TROUBLES.find((one) => one === code);
  return known
    ? { happened: t(`trouble.${known}.happened`, { base }), next: t(`trouble.${known}.next`) }
    : null;
}

function troubleText(code: ErrorCode, base: string): { happened: string; next: string } {
  return (
    knownTrouble(code, base) ?? { happened: t('couldNotOpen', { base }), next: t('tryAgainReload') }
  );
}

/** Whether something went wrong that the user can try again. */
export function canTryAgain({ standIn }: Pick<ModelInUse, 'standIn'>): boolean {
  if (!standIn) return false;
  return standIn.kind === 'trouble' || standIn.transfer?.state === 'failed';
}

/** Which model wrote what there is to read while a job's own is being loaded. */
export function firstWordsText({ first, second }: { first: string; second: string }): string {
  return t('firstWords', { first, second });
}

/** Which model wrote a text of which a better one is to write, or has written, a part. */
export function secondPassText(
  { untilMs, stopped }: SecondPass,
  /** `first`: `null` where no model wrote the text. */
  names: { first: string | null; second: string },
  /** Where it is, and how long it takes; empty: it waits. */
  progress: string,
  clock: (ms: number) => string,
): string {
  const { first, second } = names;
  if (stopped?.problem) {
    const { happened, next } = secondProblemText(stopped.problem.code, second);
    return `${happened} ${madeBy(untilMs, first, second, clock)} ${next}`;
  }
  if (stopped) return madeBy(untilMs, first, second, clock);
  if (first === null)
    return progress === '' ? t('againWaits', { second }) : t('againPass', { second, progress });
  if (progress === '') return t('secondWaits', { first, second });
  return t('secondPass', { second, first, progress });
}

function madeBy(
  untilMs: number,
  first: string | null,
  second: string,
  clock: (ms: number) => string,
): string {
  if (first === null) return t('ownTextStays');
  return untilMs === 0
    ? t('firstStays', { first })
    : t('textOfBoth', { clock: clock(untilMs), second, first });
}

function secondProblemText(code: ErrorCode, second: string): { happened: string; next: string } {
  const known = knownTrouble(code, second);
  if (known) return known;
  const { happened, next } = errorText(code);
  return { happened: t('secondFailed', { second, happened }), next: next ?? '' };
}

/** Who writes while one records. */
export function liveModelText(live: string | null, second: SecondModel | null): string {
  if (live === null) return '';
  return second
    ? t(`live.${second.state}`, { live, second: second.name })
    : t('live.alone', { live });
}
