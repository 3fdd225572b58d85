import 'server-only';

export {
  type Db,
  database,
  databaseExists,
  isUniqueViolation,
  openDatabase,
  type Tx,
} from './database';
export { databaseSentence } from './failure';
export { withLease } from './leases';
export {
  datasetBadLines,
  datasetClips,
  datasetEntries,
  datasetManifest,
  datasetPublications,
  datasetSplits,
  datasetUploads,
  datasetVersions,
  identities,
  inboxes,
  invitations,
  liveFrames,
  liveStreams,
  rateLimits,
  sessions,
  shares,
  trainingRuns,
  transcripts,
  users,
  workBatches,
  workers,
  workJobs,
} from './schema';
