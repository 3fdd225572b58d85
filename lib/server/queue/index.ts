import 'server-only';

export {
  type NewJob,
  ownJob,
  ownJobs,
  readTranscript,
  removeJob,
  sourceOf,
  workOverview,
  workStats,
} from './jobs';
export { workQueue } from './work-queue';
