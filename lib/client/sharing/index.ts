export { createShare, type ShareChoices, type Transfer } from './create-share';
export type { ShareDocument } from './document';
export { canEncrypt, hashOf } from './envelope';
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
export { downloadAudio, type Opening, type OpenLink, type OpenShare, openLink } from './open-link';
export { type LiveShare, shareLive, startSendingUnsent } from './share-live';
