import { t } from '@/app/_features/recording/messages';
import { formatMoment } from '@/app/_features/ui/format';
import { createApp } from '@/lib/client/app';
import { once } from '@/lib/core/once';

/** The app of this page; it starts when it is first asked for. Browser only. */
export const getApp = once(() =>
  createApp({
    // with seconds: two recordings of one minute are told apart
    recordingTitle: () => t('recordingTitle', { moment: formatMoment(new Date().toISOString()) }),
  }),
);
