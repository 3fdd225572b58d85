export { isPublicKey, newOwnerKey, type OwnerKey, ownerKeySchema } from './owner-key';
export { type BatchPlace, openSegments, sealSegments } from './seal-segments';
