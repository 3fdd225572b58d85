export { openLiveEngine } from './live';
export { type DecodeMeasurement, measureDecoding } from './measure-decoding';
export { createModelRecogniser, type ModelRecogniser } from './recogniser';
export { warmUp, warnOfWarmUp } from './workers';
