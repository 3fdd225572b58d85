import { type ErrorText, errorText } from '@/app/_features/ui';
import type { ModelInUse, ModelTransfer, StandIn, TooSmall } from '@/lib/client/model-library';
import type { SecondModel } from '@/lib/client/recording';
import type { SecondPass } from '@/lib/client/store';
import type { ErrorCode } from '@/lib/core';
import { transferText } from './model-facts';
import { downloadProblemText } from './model-problems';

const TOO_SMALL: Record<TooSmall, (base: string) => string> = {
  memory: (base) => `this device has little memory for ${base}.`,
  cores: (base) => `this device has one processor core, too few for ${base}.`,
  'saves-data': (base) => `this browser is set to save data, and ${base} would have to be fetched.`,
  'no-storage': (base) =>
    `this window keeps no files, and ${base} would have to be fetched anew each time.`,
  'no-room': (base) => `this browser has not enough room left for ${base}.`,
};

/** Why the large model could not be used, with Draft in its place, and what to do. */
const TROUBLE: Partial<Record<ErrorCode, { happened: (base: string) => string; next: string }>> = {
  OUT_OF_MEMORY: {
    happened: (base) => `There was not enough memory for ${base}.`,
    next: 'Close other tabs and programs, then try again.',
  },
  STORE_QUOTA: {
    happened: (base) => `There is not enough room for ${base} in this browser.`,
    next: 'Delete recordings in Settings or free some disk space, then try again.',
  },
  BACKEND_UNAVAILABLE: {
    happened: (base) => `${base} does not run in this browser as it should.`,
    next: 'Try again, or use a current Chrome, Edge or Firefox.',
  },
};

/** Why the large model did not come from this app's own server; `Try again` stands beside it. */
const NOT_FETCHED: Partial<Record<ErrorCode, ErrorText>> = {
  OFFLINE: {
    happened: 'There is no connection.',
    next: 'Try again once it is back: what has come is kept.',
  },
  MODEL_DOWNLOAD_FAILED: {
    happened: 'The connection broke, or the server did not answer.',
    next: 'Try again: what has come is kept.',
  },
  MODEL_HASH_MISMATCH: {
    happened: 'A file arrived damaged and was thrown away.',
    next: 'Try again to fetch it once more.',
  },
  STORE_QUOTA: {
    happened: 'The storage of this browser is full.',
    next: 'Delete recordings in Settings or free some disk space, then try again.',
  },
  NOT_FOUND: {
    happened: 'The server does not have its files any more.',
    next: 'Reload the page, or use another model.',
  },
};

interface Names {
  base: string;
  draft: string;
  /** Of `wanted`. */
  wanted: string;
}

/** Which model writes new recordings' text, and why, in one or two sentences. */
export function modelInUseText(
  { standIn, tooSmall }: Pick<ModelInUse, 'standIn' | 'tooSmall'>,
  names: Names,
  transfer: ModelTransfer | null,
): string {
  if (standIn) return standInText(standIn, names, transfer);
  const writes = `${names.wanted} writes the text`;
  return tooSmall === null ? `${writes}.` : `${writes}: ${TOO_SMALL[tooSmall](names.base)}`;
}

function standInText(
  standIn: StandIn,
  { base, draft }: Names,
  transfer: ModelTransfer | null,
): string {
  if (standIn.kind === 'trouble') {
    const { happened, next } = troubleText(standIn.code, base);
    return `${happened} ${draft} writes the text. ${next}`;
  }
  switch (transfer?.state) {
    case 'downloading':
      return `${base} is being fetched: ${transferText(transfer, transfer.secondsLeft)}. Until it is here, ${draft} writes the text.`;
    case 'paused':
      return `${base} is paused at ${transferText(transfer)}. ${draft} writes the text meanwhile.`;
    case 'failed': {
      const { code } = transfer.error;
      const { happened, next } = NOT_FETCHED[code] ?? downloadProblemText({ code, details: {} });
      return [`${base} could not be fetched, so ${draft} writes the text.`, happened, next]
        .filter((part) => part !== null)
        .join(' ');
    }
    case undefined:
      return `${base} is fetched next. Until it is here, ${draft} writes the text.`;
  }
}

function troubleText(code: ErrorCode, base: string): { happened: string; next: string } {
  const known = TROUBLE[code];
  if (known) return { happened: known.happened(base), next: known.next };
  return { happened: `${base} could not be opened.`, next: 'Try again, or reload the page.' };
}

/** Whether something went wrong that the user can try again. */
export function canTryAgain({ standIn }: Pick<ModelInUse, 'standIn'>): boolean {
  if (!standIn) return false;
  return standIn.kind === 'trouble' || standIn.transfer?.state === 'failed';
}

/** Which model wrote what there is to read while a job's own is being loaded. */
export function firstWordsText({ first, second }: { first: string; second: string }): string {
  return `These first words are by ${first}. ${second} is being loaded, and its words take their place.`;
}

/** Which model wrote a text of which a better one is to write, or has written, a part. */
export function secondPassText(
  { untilMs, stopped }: SecondPass,
  names: { first: string; second: string },
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
  if (progress === '')
    return `These are the words of ${first}. Those of ${second} take their place as soon as it is here.`;
  return `The words of ${second} are taking the place of those of ${first}: ${progress}.`;
}

function madeBy(
  untilMs: number,
  first: string,
  second: string,
  clock: (ms: number) => string,
): string {
  return untilMs === 0
    ? `The words of ${first} stay.`
    : `The text up to ${clock(untilMs)} is by ${second}, the rest by ${first}.`;
}

function secondProblemText(code: ErrorCode, second: string): { happened: string; next: string } {
  const known = TROUBLE[code];
  if (known) return { happened: known.happened(second), next: known.next };
  const { happened, next } = errorText(code);
  return { happened: `${second} did not get to the end. ${happened}`, next: next ?? '' };
}

/** Who writes while one records. */
export function liveModelText(live: string | null, second: SecondModel | null): string {
  if (live === null) return '';
  const writes = `The live text is written by ${live}`;
  switch (second?.state) {
    case 'following':
      return `${writes}; the words of ${second.name} take their place a few seconds later.`;
    case 'loading':
      return `${writes}; ${second.name} is being loaded, to follow a few seconds behind.`;
    case 'behind':
      return `${writes}. ${second.name} is too slow on this device to follow: its words come when you stop.`;
    case 'failed':
      return `${writes}. ${second.name} could not be opened beside it: its words come when you stop.`;
    case undefined:
      return `${writes}.`;
  }
}
