export { type FfmpegEvent, FfmpegEvents, FfmpegProgram, type FfmpegRunner } from './ffmpeg-program';
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
export { PIPE_PATH, SOURCE_PATH, type StartedFfmpeg, type StartFfmpeg } from './start-ffmpeg';
