export { openJobQueue } from './job-queue';
export type { JobCommands, JobStore, JobsState, JobView } from './job-store';
