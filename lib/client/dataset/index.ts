export type { ClipCutter, OpenClipSource } from './clip-cutter';
export { type DatasetLicence, giveClips, isGiven, withdraw, withdrawAll } from './give';
export type { PlannedClip } from './plan-clips';
export { readClipSource, readClips } from './read-clips';
export { givingStore, startGiving } from './start-giving';
