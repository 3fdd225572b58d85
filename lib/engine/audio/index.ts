export { BUNDLE_TYPE, bundleFiles, readBundle } from './bundle';
export {
  blockLength,
  ClockFollower,
  isGap,
  LOOK_AHEAD_SECONDS,
  MAX_GAP_SECONDS,
} from './clock-follower';
export { PEAKS_PER_SECOND, SAMPLE_RATE_HZ, SAMPLES_PER_MS } from './constants';
export { KaldiFbank } from './features/kaldi-fbank';
export { NemoMel } from './features/nemo-mel';
export { PhoneMel } from './features/phone-mel';
export {
  WHISPER_FRAMES,
  WHISPER_HOP_SAMPLES,
  WHISPER_WINDOW_SAMPLES,
  WhisperMel,
} from './features/whisper-mel';
export { type Frame, FrameScanner } from './frame-scanner';
export { MIX_HISTORY_SECONDS, Mixer } from './mixer';
export { type FrameHeader, type Mp3Info, readFrameHeader, readMp3Info } from './mpeg-frames';
export { addGap, mergeNotices } from './notices';
export { oggLinks } from './ogg-links';
export { createPeaks, type PeakMaker } from './peaks';
export { isWholeCopy, neededCopy } from './playable';
export { type Probe, probe, readBytes, readError } from './probe';
export { RangedBlob } from './ranged-blob';
export { loadSpeex, Resampler, type SpeexModule } from './resample';
export { type AudioBlock, PcmTimeline } from './timeline';
export type {
  AudioTrackChoice,
  AudioTrackInfo,
  ChannelBlock,
  DecodeNotice,
  MediaInfo,
  PcmChunk,
  PcmSpan,
  TrackIndex,
} from './types';
export { isUnreadableTrack } from './unreadable';
export { wavHeader } from './wav';
export { readWavPcm, statedWavSeconds, wavParts } from './wav-layout';
