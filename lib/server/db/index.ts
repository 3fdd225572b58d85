import 'server-only';

export { database, databaseExists, isUniqueViolation, openDatabase } from './database';
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
export type { Db, Tx } from './types';
