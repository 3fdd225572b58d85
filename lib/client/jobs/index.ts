export { openJobQueue } from './job-queue';
export type { JobCommands, JobStage, JobStore, JobsState, JobView } from './job-store';
