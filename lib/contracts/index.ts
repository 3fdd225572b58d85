export {
  ACCOUNT_LIMITS,
  isEmail,
  normaliseEmail,
  normalisePassword,
  passwordProblem,
} from './account-rules';
export {
  accountApi,
  type Invitation,
  linksApi,
  type Member,
  membersApi,
  passwordSentence,
  type SignedInDevice,
  type SignInProvider,
  signInApi,
} from './accounts';
export { API, type EndpointGroup, operationsApi } from './api';
export {
  authApi,
  type authBodySchema,
  intentSchema,
  type ProviderIntent,
  type SessionUser,
  sessionUserSchema,
} from './auth';
export type { Endpoint } from './endpoint';
export { failureSchema, jsonSchemaOf, openApiDocument } from './openapi';
export {
  modelsApi,
  type Shelf,
  type ShelfFile,
  type ShelfModel,
  shelfEntrySchema,
  shelfFiles,
  shelfFileUrl,
  shelfSchema,
} from './server-models';
export {
  AUTH_SCHEME,
  CHUNK_BYTES,
  EXPIRES_HEADER,
  HEADER_BYTES,
  LIFETIME_S,
  MAX_AUDIO_BYTES,
  MAX_DOCUMENT_BYTES,
  MAX_SHARES,
  type NewShare,
  PART_BYTES,
  partCount,
  partSize,
  type ShareFacts,
  sealedBytes,
  sharesApi,
  TAG_BYTES,
} from './shares';
export {
  type PutSummary,
  type ServerSummary,
  type SummaryPage,
  transcriptsApi,
} from './transcripts';
export {
  adminApi,
  type InboxItem,
  inboxApi,
  type LeasedJob,
  type WorkStats,
  workApi,
} from './work';
