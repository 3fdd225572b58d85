/** All tables; `drizzle-kit` and the database read them from here. */
export { identities, invitations, sessions, users } from './tables/accounts';
export {
  datasetBadLines,
  datasetClips,
  datasetEntries,
  datasetManifest,
  datasetPublications,
  datasetSplits,
  datasetUploads,
  datasetVersions,
  trainingRuns,
} from './tables/dataset';
export { leases, rateLimits } from './tables/instances';
export {
  inboxes,
  type WorkResult,
  type WorkSource,
  workBatches,
  workers,
  workJobs,
} from './tables/queue';
export {
  type FieldTimes,
  liveFrames,
  liveStreams,
  shares,
  transcripts,
} from './tables/transcripts';
