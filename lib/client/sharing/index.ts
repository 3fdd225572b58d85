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
export { makeShare, type Transfer } from './share-making';
export { downloadAudio, type Opening, type OpenShare, openShare } from './share-opening';
