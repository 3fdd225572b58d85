import 'server-only';

export { announceClip, putClipPart } from './clips';
export { copyVersion } from './copy-version';
export { sweepDataset } from './dataset-sweep';
export { giveEntries, listEntries, withdrawEntry, withdrawRecording } from './entries';
export { datasetFigures, publishedVersions } from './figures';
export { continuePublishing, isPublishing, requestVersion } from './publish';
export { openVersionFile } from './version-files';
