'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { getApp, getDocuments, queryKeys } from '@/app/_features/app';
import { looksLikeMedia } from '@/app/_features/ui';
import {
  type BesideFormat,
  DEFAULT_SETTINGS,
  getWatchedFolder,
  type WatchedFolderRecord,
} from '@/lib/client/store';
import { isPrivateSession } from '@/lib/core';
import { ENGLISH_LABELS } from '@/lib/export';
import type { Transcript } from '@/lib/transcript';
import { t } from './messages';

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
