export { type FfmpegEvent, FfmpegEvents } from './ffmpeg-events';
export { type FfmpegRunner, SOURCE_PATH } from './ffmpeg-program';
export { type DecodeAssets, type DecodeChoices, type OpenRun, openRun } from './open-run';
export {
  type Feed,
  frameFeed,
  type Piece,
  type SoundRun,
  soundFeed,
  trackFeed,
  type VideoFeed,
  videoFeed,
} from './playable-feeds';
