import type { JobError } from '@/lib/client/store';
import { formatDuration } from '@/lib/core';
import type { ErrorText } from './error-text';
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
  const none = 'No speech found';
  if (durationMs === null || channels === null || track === null || tracks === null)
    return { happened: `${none} in this recording.`, next: null };

  const lookedAtAll = tracks > 1 && looked === tracks;
  const where = lookedAtAll
    ? ` on each of its ${tracks} audio tracks`
    : tracks > 1
      ? ` on track ${track} of ${tracks} (${channelsText(channels)})`
      : ` on its only audio track (${channelsText(channels)})`;
  const loudest = number('loudestDbfs');
  const isQuiet = loudest === null || loudest < NEARLY_SILENT_DBFS;
  const level =
    loudest === null
      ? 'all of it is silence'
      : `its loudest moment is ${loudest} dBFS${isQuiet ? ', nearly silent' : ''}`;
  const happened = `${none}. Looked at ${formatDuration(durationMs)} of sound${where}; ${level}.`;
  if (tracks > 1 && !lookedAtAll) return { happened, next: 'Choose another audio track.' };
  return {
    happened,
    next: isQuiet
      ? 'Check the microphone or input and its level, then record again.'
      : 'Listen to it: if somebody speaks there, try another model or language in Settings.',
  };
}
