export { type OpenRun, openRun } from './open-run';
export type { DecodeAssets, DecodeChoices } from './options';
export {
  type Feed,
  frameFeed,
  type Piece,
  soundFeed,
  trackFeed,
  type VideoFeed,
  videoFeed,
} from './playable-feeds';
