import 'server-only';

export { openRunFile, putModelFile } from './run-files';
export { authorizedRun } from './run-token';
export { actOnRun, listTraining, startRun, startRunAfterPublishing } from './runs';
export { sweepTraining } from './sweep';
export { takeReport } from './take-report';
