export { createShare, type ShareChoices, type Transfer } from './create-share';
export { canEncrypt, hashOf } from './crypto';
export type { ShareDocument } from './document';
export {
  buildShareLink,
  cleanSharePath,
  idInPath,
  isSharePath,
  parseShareLink,
  type ShareLink,
} from './link';
export type { LiveState } from './live-follower';
export type { LiveShareState } from './live-sender';
export { type OpenLink, openLink } from './open-link';
export { downloadAudio, type Opening, type OpenShare } from './open-share';
export { type LiveShare, shareLive, startSendingUnsent } from './share-live';
