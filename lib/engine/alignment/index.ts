export { type AlignedTime, openAligner } from './align';
export { Aligner, findWordEnd, wordTimes } from './alignment';
export { tokenOnsets } from './cross-attention';
export { distributeWords, type WordTime } from './interpolate-times';
export { knowsLanguage, optionalAligner, type TimingAligner } from './optional-aligner';
export { packWindows, type Slot, slotAt, type Window, windowPcm } from './pack';
export { openPhoneNetwork, type PhoneNetwork, type PhoneScores } from './phone-network';
export { NUMBER, spokenNumber } from './spoken-numbers';
