export { assignSpeakers, type SpeakerRun, type TimedWord } from './assign-speakers';
export { Diarisation } from './diarisation';
export { type EmbeddingNetwork, openEmbedding } from './embedding-network';
export type { Listener } from './listener';
export { openSegmentation, type SegmentationNetwork } from './segmentation-network';
export { SegmentedListener } from './segmented-listener';
export { describeSpeakerModel } from './speaker-model';
export { SpeechListener } from './speech-listener';
export type { Diarised, SpeakerCount, SpeakerTurn } from './types';
