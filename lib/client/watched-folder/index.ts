export { askToUse, canPickFolder, pickFolder } from './file-system-access';
export { ignoredFiles, type RefusedFile } from './folder-look';
export { type WatchDependencies, watchFolder, watchStore } from './watch-folder';
