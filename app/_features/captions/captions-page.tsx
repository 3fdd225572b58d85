'use client';

import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { usePageTitle } from '@/app/_features/i18n';
import { followCaptions, NO_CAPTIONS, type RoomState } from '@/lib/client/captions';
import { CaptionView } from './caption-view';
import { t } from './messages';
import { useAwake } from './use-awake';

/** Where captions of a tab are shown. @param source as `followCaptions` takes it */
export function captionsAddress(source: string): string {
  return `/captions#${source}`;
}

/** A window with the captions of a recording in another tab. */
export function CaptionsPage() {
  usePageTitle(t('captions'));
  const [room, setRoom] = useState<StoreApi<RoomState> | 'none' | null>(null);
  useEffect(() => {
    const source = window.location.hash.slice(1);
    if (source === '') {
      setRoom('none');
      return;
    }
    const life = new AbortController();
    setRoom(followCaptions(source, life.signal));
    return () => life.abort();
  }, []);
  return (
    <div className="fixed inset-0">
      <h1 className="sr-only">{t('captions')}</h1>
      {room === null || room === 'none' ? (
        <CaptionView
          captions={NO_CAPTIONS}
          status={room === null ? t('connecting') : t('notConnected')}
          isLive={false}
          empty={room === null ? '' : t('noRecording')}
        />
      ) : (
        <Room room={room} />
      )}
    </div>
  );
}

function Room({ room }: { room: StoreApi<RoomState> }) {
  const { captions, connection } = useStore(room);
  const isOpen = connection === 'open';
  const mayTurnOff = useAwake(isOpen && captions.phase !== 'ended');
  const status = isOpen ? t(`phase.${captions.phase}`) : t(connection);
  return (
    <CaptionView
      captions={captions}
      status={mayTurnOff ? `${status} · ${t('screenMayTurnOff')}` : status}
      isLive={isOpen && captions.phase === 'listening'}
    />
  );
}
