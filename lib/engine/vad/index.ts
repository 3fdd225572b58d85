export { FRAME_SAMPLES, STATE_SIZE } from './constants';
export { LiveFrames } from './live-frames';
export { segmenterOptions } from './options';
export { PcmWindow } from './pcm-window';
export { SpeechSegmenter, type SpeechSpan } from './segmenter';
export { ROW_SAMPLES, type VadNetwork } from './silero';
export { BLOCK_IO, blockModel } from './silero-graph';
export type { LiveVad, SegmentedSpeech, SegmenterCheckpoint } from './types';
export { VadSession } from './vad-session';
