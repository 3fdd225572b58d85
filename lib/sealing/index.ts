export {
  type BatchPlace,
  isPublicKey,
  newOwnerKey,
  type OwnerKey,
  openSegments,
  ownerKeySchema,
  sealSegments,
} from './sealing';
