'use client';

import { ClipboardCopy, Download } from 'lucide-react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { CaptionView, useAwake } from '@/app/_features/captions';
import { usePageTitle } from '@/app/_features/i18n';
import { errorSentence, IconButton, saveAs, showToast } from '@/app/_features/ui';
import { captionText } from '@/lib/client/captions';
import type { LiveState } from '@/lib/client/sharing';
import { exportFileName } from '@/lib/export';
import { t } from '../messages';

/** Live text, for anyone who has its link. */
export function LivePage({ live }: { live: StoreApi<LiveState> }) {
  const state = useStore(live);
  const { captions, connection } = state;
  const title = captions.title || t('liveText');
  usePageTitle(title);
  const isRunning = connection !== 'ended' && connection !== 'failed';
  useAwake(isRunning);
  const text = () => captionText(live.getState().captions);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      showToast({ text: t('textCopied') });
    } catch {
      // refused by the browser
      showToast({ text: t('copyRefused'), tone: 'danger' });
    }
  };
  return (
    // what is left of the window below the header
    <div className="-mb-24 flex h-[calc(100dvh-5rem)] flex-col">
      <h1 dir="auto" className="truncate pb-2 text-lg sm:text-2xl">
        {title}
      </h1>
      <div className="-mx-4 min-h-0 flex-1 border-line border-t sm:-mx-6">
        <CaptionView
          captions={captions}
          status={statusOf(state)}
          isLive={connection === 'live' && captions.phase === 'listening'}
        >
          <IconButton label={t('copyText')} onClick={() => void copy()}>
            <ClipboardCopy aria-hidden size={18} />
          </IconButton>
          <IconButton
            label={t('saveText')}
            onClick={() =>
              saveAs(
                new Blob([`${text()}\n`], { type: 'text/plain' }),
                exportFileName(title, 'txt'),
              )
            }
          >
            <Download aria-hidden size={18} />
          </IconButton>
        </CaptionView>
      </div>
    </div>
  );
}

function statusOf({ captions, connection, error }: LiveState): string {
  if (connection === 'failed')
    return error?.code === 'NOT_FOUND' ? t('live.gone') : errorSentence(error?.code ?? 'UNKNOWN');
  if (connection !== 'live') return t(`live.${connection}`);
  return captions.phase === 'paused' ? t('live.paused') : t('live.on');
}
