export { createPlayback, type Playback } from './playable';
export { columnsOf, drawWaveform, joinPeaks } from './waveform';
export { type PlayableWriter, widened } from './writer';
