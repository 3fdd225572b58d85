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
export { API, type EndpointGroup } from './api';
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
export { operationsApi } from './operations';
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
  type ShareFacts,
  sharesApi,
} from './shares';
export {
  type PutSummary,
  type ServerSummary,
  type SummaryPage,
  transcriptsApi,
} from './transcripts';
