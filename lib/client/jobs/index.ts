export { openJobQueue } from './job-queue';
export type { JobCommands, JobStore, JobsState, JobView, SpeakerFile } from './job-store';
