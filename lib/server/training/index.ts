import 'server-only';

export { authorizedRun } from './run-row';
export {
  actOnRun,
  listTraining,
  publishInBackground,
  publishThenTrain,
  startRun,
  sweepTraining,
} from './runs';
export { openRunFile, putModelFile, takeReport } from './take-report';
