'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { getApp, getDocuments, queryKeys } from '@/app/_features/app';
import { attempt, looksLikeMedia } from '@/app/_features/ui';
import {
  type BesideFormat,
  DEFAULT_SETTINGS,
  getWatchedFolder,
  putWatchedFolder,
  removeWatchedFolder,
  type WatchedFileRecord,
  type WatchedFolderRecord,
} from '@/lib/client/store';
import { askToUse, ignoredFiles, pickFolder } from '@/lib/client/watched-folder';
import { isPrivateSession } from '@/lib/core';
import { ENGLISH_LABELS } from '@/lib/export';
import type { Transcript } from '@/lib/transcript';
import { t } from './messages';

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

/** The folder whose recordings are transcribed; `null`: none; `undefined` until that is known. */
export function useWatched(): WatchedFolderRecord | null | undefined {
  const { data } = useQuery({
    queryKey: queryKeys.watchedFolder,
    queryFn: getWatchedFolder,
    enabled: !isPrivateSession(),
  });
  return data;
}

/** Watches the folder while the app is open. */
export function useWatchedFolder(): void {
  const folder = useWatched();
  useEffect(() => {
    if (!folder) return;
    return getApp().watchFolder(folder, { isMedia: looksLikeMedia, write });
  }, [folder]);
}

async function write(transcript: Transcript, format: BesideFormat): Promise<Blob> {
  const document = await getDocuments().open(transcript);
  try {
    // of the labels only that of bookmarks is in any of these formats
    const labels = { ...ENGLISH_LABELS, bookmark: t('bookmark') };
    return await document.write([format], DEFAULT_SETTINGS.exports.options, labels);
  } finally {
    await document.close();
  }
}
