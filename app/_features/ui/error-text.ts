import type { JobError } from '@/lib/client/store';
import type { ErrorCode } from '@/lib/core';
import { channelsText, formatDuration, formatMeasured } from './format';
import { t } from './messages';

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

/** Below this a recording is nearly silent, in dB of full scale. */
const NEARLY_SILENT_DBFS = -50;

/** What was searched for speech without finding any, and what to do. Older builds stored fewer details. */
function noSpeechText(details: JobError['details']): ErrorText {
  const number = (name: string) => {
    const value = details[name];
    return typeof value === 'number' ? value : null;
  };
  const [durationMs, channels] = [number('durationMs'), number('channels')];
  const [track, tracks, looked] = [number('track'), number('tracks'), number('tracksLookedAt')];
  if (durationMs === null || channels === null || track === null || tracks === null)
    return { happened: t('noSpeechInRecording'), next: null };

  const lookedAtAll = tracks > 1 && looked === tracks;
  const where = lookedAtAll
    ? t('onEachTrack', { tracks })
    : tracks > 1
      ? t('onTrack', { track, tracks, channels: channelsText(channels) })
      : t('onOnlyTrack', { channels: channelsText(channels) });
  const loudest = number('loudestDbfs');
  const isQuiet = loudest === null || loudest < NEARLY_SILENT_DBFS;
  const level =
    loudest === null ? t('allSilence') : t(isQuiet ? 'nearlySilent' : 'loudestMoment', { loudest });
  // a click of a few samples is not 0 s
  const duration =
    durationMs < 1000 ? formatMeasured(Math.max(1, durationMs)) : formatDuration(durationMs);
  const happened = t('noSpeechFound', { duration, where, level });
  if (tracks > 1 && !lookedAtAll) return { happened, next: t('chooseAnotherTrack') };
  return {
    happened,
    next: isQuiet ? t('checkLevel') : t('listenToIt'),
  };
}

/** What is wrong with the recording itself, wherever it is transcribed. */
const OF_THE_RECORDING = new Set<ErrorCode>([
  'SOURCE_EMPTY',
  'DECODE_UNSUPPORTED',
  'DECODE_NO_AUDIO',
  'DECODE_EMPTY',
  'DECODE_INCOMPLETE',
  'DECODE_FAILED',
  'SEGMENT_FAILED',
  'NO_SPEECH',
]);

/** Why a worker has not transcribed a recording, as a sentence for people. */
export function workerFailure(code: ErrorCode): string {
  if (OF_THE_RECORDING.has(code)) return errorText(code).happened;
  switch (code) {
    case 'ABORTED':
    case 'SOURCE_GONE':
    case 'MODEL_NOT_INSTALLED':
    case 'BACKEND_UNAVAILABLE':
    case 'OUT_OF_MEMORY':
    case 'WORKER_CRASHED':
      return t(`worker.${code}`);
    default:
      return t('worker.failed');
  }
}
