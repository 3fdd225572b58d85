export { openLiveEngine } from './live';
export { type DecodeMeasurement, measureDecoding } from './measure-decoding';
export { createModelRecogniser } from './recogniser';
export { warmUp, warnOfWarmUp } from './warm-up';
