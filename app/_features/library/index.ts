export {
  deleteFromAll,
  deleteTranscript,
  renameTranscript,
  reportDeletions,
  resumeSecondPass,
  transcribeAgain,
  transcribeTrack,
  transcribeTracks,
} from './commands';
export { FileIntake } from './file-intake';
export { HomePage } from './home-page';
export { JobCard } from './job-card';
export { donePercent, positionText, stateText } from './job-facts';
export { momentsOfNamesakes } from './namesakes';
export { useJobs } from './use-jobs';
export { transcriptsQuery } from './use-library';
export { useSegments, useTranscript } from './use-transcript';
export { useWatchedFolder } from './use-watched-folder';
export { WatchPanel } from './watch-panel';
