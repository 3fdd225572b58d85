export { askToUse, canPickFolder, type FolderMode, mayUse, pickFolder } from './file-system-access';
export { ignoredFiles, type RefusedFile } from './folder-look';
export { type WatchDependencies, type WatchState, watchFolder, watchStore } from './watch-folder';
export type { NotWhole } from './whole-file';
