import { formatMoment } from '@/app/_features/ui';
import { createApp, createDocuments } from '@/lib/client';
import { once } from '@/lib/core';
import { t } from './messages';

/** The app of this page; started on first use. Browser only. */
export const getApp = once(() =>
  createApp({
    // with seconds: two recordings of one minute have different names
    inputName: (input) => t(`input.${input}`),
    recordingNames: () => ({
      title: t('recordingTitle', { moment: formatMoment(new Date().toISOString()) }),
      speakers: [t('you'), t('tab')],
    }),
  }),
);

/** What writes and reads documents; also for readers of a shared transcript. Browser only. */
export const getDocuments = once(() => createDocuments());
