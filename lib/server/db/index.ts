import 'server-only';

export { database, databaseExists, isUniqueViolation, openDatabase } from './database';
export { databaseSentence } from './failure';
export { withLease } from './leases';
export {
  identities,
  invitations,
  rateLimits,
  sessions,
  shares,
  transcripts,
  users,
  workBatches,
  workers,
  workJobs,
} from './schema';
export type { Db, Tx } from './types';
