import type { JobError } from '@/lib/client/store';
import type { ErrorCode } from '@/lib/core';
import { formatDuration } from './format';
import { t } from './messages';
import { channelsText } from './track-facts';

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

/** What was looked at where no speech was found, and what to do. Older builds stored less of it. */
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
  const happened = t('noSpeechFound', { duration: formatDuration(durationMs), where, level });
  if (tracks > 1 && !lookedAtAll) return { happened, next: t('chooseAnotherTrack') };
  return {
    happened,
    next: isQuiet ? t('checkLevel') : t('listenToIt'),
  };
}
