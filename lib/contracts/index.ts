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
export {
  BAD_LINES_SHOWN,
  CLIP_PART_BYTES,
  CLIP_SAMPLE_RATE_HZ,
  CLIP_SAMPLES,
  CLIP_SAMPLES_PER_MS,
  type ClipRefusal,
  type ClipState,
  CONSENT_WORDINGS,
  clipStateSchema,
  DATASET_LICENCES,
  type DatasetEntry,
  type DatasetFigures,
  type DatasetVersion,
  datasetApi,
  ENTRIES_A_BATCH,
  ENTRY_LEVELS,
  type EntriesAnswer,
  type EntryPage,
  type EntryRefusal,
  entriesAnswerSchema,
  MAX_ENTRY_CHARS,
  type NewClip,
  type NewEntry,
  type Publication,
  type PublishAnswer,
  SPLITS,
  type Split,
  sha256Schema,
  versionNameSchema,
  versionSchema,
} from './dataset';
export type { Endpoint } from './endpoint';
export {
  type InboxItem,
  type InboxTranscript,
  inboxApi,
  type OwnInboxItem,
  type WorkFailure,
} from './inbox';
export {
  LIVE_LIMITS,
  type LiveFrame,
  liveApi,
  liveFrameSchema,
  type NewLive,
} from './live';
export { failureSchema, jsonSchemaOf, openApiDocument } from './openapi';
export {
  modelsApi,
  type Shelf,
  type ShelfFile,
  type ShelfModel,
  shelfEntrySchema,
  shelfFiles,
  shelfFileUrl,
  shelfModelSchema,
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
  MAX_MODEL_FILE_BYTES,
  RUN_STATES,
  type RunReport,
  type RunScores,
  type RunState,
  runSchema,
  type TrainedModel,
  type Training,
  type TrainingRun,
  trainingApi,
} from './training';
export {
  type PutSummary,
  type ServerSummary,
  type SummaryPage,
  transcriptsApi,
} from './transcripts';
export {
  adminApi,
  type LeasedJob,
  type WorkStats,
  workApi,
} from './work';
