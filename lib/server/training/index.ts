import 'server-only';

export { publishInBackground, publishThenTrain } from './publish-then-train';
export { openRunFile, putModelFile } from './run-files';
export { authorizedRun } from './run-token';
export { actOnRun, listTraining, startRun } from './runs';
export { sweepTraining } from './sweep';
export { takeReport } from './take-report';
