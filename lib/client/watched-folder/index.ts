export { ignoredFiles, type RefusedFile } from './folder-look';
export {
  askToUse,
  canPickFolder,
  pickFolder,
  type WatchDependencies,
  watchFolder,
  watchStore,
} from './watch-folder';
