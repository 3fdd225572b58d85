export {
  ACCOUNT_LIMITS,
  isEmail,
  normaliseEmail,
  normalisePassword,
  passwordProblem,
} from './account-rules';
export {
  givenPassword,
  linkToken,
  newAccount,
  newPassword,
  passwordSentence,
  shownLine,
} from './accounts';
export {
  type Shelf,
  type ShelfFile,
  type ShelfModel,
  shelfEntrySchema,
  shelfFiles,
  shelfFileUrl,
  shelfSchema,
} from './server-models';
export {
  CHUNK_BYTES,
  HEADER_BYTES,
  MAX_AUDIO_BYTES,
  MAX_DOCUMENT_BYTES,
  PART_BYTES,
  partCount,
  partSize,
  sealedBytes,
  TAG_BYTES,
} from './share-sizes';
export {
  AUTH_SCHEME,
  EXPIRES_HEADER,
  LIFETIME_S,
  MAX_SHARES,
  type NewShare,
  newShareSchema,
  type ShareFacts,
  shareListSchema,
} from './shares';
export {
  deleteQuerySchema,
  type PutSummary,
  pageQuerySchema,
  putSummarySchema,
  type ServerSummary,
  type SummaryPage,
  summaryPageSchema,
  summarySchema,
  transcriptIdSchema,
} from './transcripts';
