export { FRAME_SAMPLES, STATE_SIZE } from './constants';
export { segmenterOptions } from './options';
export { PcmWindow } from './pcm-window';
export { SpeechSegmenter, type SpeechSpan } from './segmenter';
export { LiveFrames, ROW_SAMPLES, type VadNetwork } from './silero';
export { BLOCK_IO, blockModel } from './silero-graph';
export {
  type LiveVad,
  type SegmentedSpeech,
  type SegmenterCheckpoint,
  VadSession,
} from './vad-session';
