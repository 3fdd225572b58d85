import { attempt, looksLikeMedia } from '@/app/_features/ui';
import {
  type BesideFormat,
  putWatchedFolder,
  removeWatchedFolder,
  type WatchedFileRecord,
  type WatchedFolderRecord,
} from '@/lib/client/store';
import { askToUse, ignoredFiles, pickFolder } from '@/lib/client/watched-folder';

/** A folder that was picked, and the recordings in it. */
export interface PickedFolder {
  handle: FileSystemDirectoryHandle;
  there: WatchedFileRecord[];
}

/** Asks for a folder and looks at what is in it. @returns `null`: none was picked, or it failed */
export async function pickWatched(): Promise<PickedFolder | null> {
  let picked: PickedFolder | null = null;
  await attempt(async () => {
    const handle = await pickFolder('read');
    if (handle) picked = { handle, there: await ignoredFiles(handle, looksLikeMedia) };
  });
  return picked;
}

/** Begins to watch a folder. @param ignored recordings in it that are not to be transcribed */
export const watch = (handle: FileSystemDirectoryHandle, ignored: WatchedFileRecord[]) =>
  attempt(() => putWatchedFolder({ id: 'folder', handle, writes: null }, ignored));

/** Ends watching. */
export const unwatch = () => attempt(removeWatchedFolder);

/** Asks for the use of the folder again, and begins to watch it. */
export const allow = ({ handle, writes }: WatchedFolderRecord) =>
  attempt(async () => {
    if (await askToUse(handle, writes ? 'readwrite' : 'read'))
      // stored again: the tab that watches begins again with what is allowed now
      await putWatchedFolder({ id: 'folder', handle, writes });
  });

/** Chooses what is written beside recordings. @param onRefused called if the browser may not write there */
export const writeAs = (
  folder: WatchedFolderRecord,
  writes: BesideFormat | null,
  onRefused: () => void,
) =>
  attempt(async () => {
    if (writes && !(await askToUse(folder.handle, 'readwrite'))) onRefused();
    else await putWatchedFolder({ ...folder, writes });
  });
