export type { ClipCutter, OpenClipSource, PlannedClip } from './plan-clips';
export {
  type DatasetLicence,
  giveClips,
  givingStore,
  isGiven,
  readClipSource,
  readClips,
  startGiving,
  withdraw,
  withdrawAll,
} from './start-giving';
