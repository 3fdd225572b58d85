export { widened } from './cover';
export { createPlayback, type Playback } from './playable';
export { columnsOf, drawWaveform, joinPeaks } from './waveform';
export type { PlayableWriter } from './writer';
