import type { JobError } from '@/lib/client/store';
import type { ErrorText } from './error-text';
import { formatDuration } from './format';
import { t } from './messages';
import { channelsText } from './track-facts';

/** Below this a recording is nearly silent, in dB of full scale. */
const NEARLY_SILENT_DBFS = -50;

/** What was looked at where no speech was found, and what to do. Older builds stored less of it. */
export function noSpeechText(details: JobError['details']): ErrorText {
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
