import 'server-only';

export { authKeyOf, openDocument, openPart, visitShare } from './share-access';
export { sweepShares } from './share-sweep';
export {
  completeShare,
  createShare,
  idHashOf,
  listShares,
  putCiphertext,
  revokeShare,
} from './shares';
