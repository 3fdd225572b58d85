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
export { momentsOfNamesakes } from './library';
export { transcriptsQuery, useJobs, useSegments, useTranscript } from './use-library';
export { WatchPanel } from './watch-panel';
export { useWatchedFolder } from './watched-folder';
