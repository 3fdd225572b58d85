import 'server-only';

export { closeLiveStreams, followLive } from './live-followers';
export { appendFrame, createLive } from './live-streams';
export { authKeyOf, authoriseReader, countOpening, openDocument, openPart } from './share-access';
export { sweepShares } from './share-sweep';
export {
  completeShare,
  createShare,
  idHashOf,
  listShares,
  putCiphertext,
  revokeShare,
} from './shares';
