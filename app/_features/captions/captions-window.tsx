'use client';

import { Captions as CaptionsIcon, ExternalLink } from 'lucide-react';
import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { getApp } from '@/app/_features/app';
import { usePageTitle } from '@/app/_features/i18n';
import { Button, IconButton, showToast } from '@/app/_features/ui';
import { followCaptions, NO_CAPTIONS, type RoomState, stayAwake } from '@/lib/client/captions';
import { CaptionView } from './caption-view';
import { t } from './messages';

/** Keeps the screen on while `wanted`. @returns whether it may turn off all the same */
export function useAwake(wanted: boolean): boolean {
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    if (!wanted) return;
    let release: (() => void) | null = null;
    let over = false;
    stayAwake().then(
      (sleep) => {
        if (over) sleep();
        else release = sleep;
      },
      () => setRefused(true), // an old browser, or a low battery
    );
    return () => {
      over = true;
      release?.();
      setRefused(false);
    };
  }, [wanted]);
  return refused;
}

/** Where captions of a tab are shown. @param source as `followCaptions` takes it */
function captionsAddress(source: string): string {
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

/** Size of a window above all others, in pixels. */
const SIZE = { width: 720, height: 300 } as const;

/** The part of Document Picture-in-Picture that is used; TypeScript does not know it yet. */
interface PictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}

/** The window above all others, which this page draws in; lives as long as the page or its own close button. */
const ownWindow = createStore<{ open: Window | null }>(() => ({ open: null }));

function pictureInPicture(): PictureInPicture | null {
  return 'documentPictureInPicture' in window
    ? (window.documentPictureInPicture as PictureInPicture)
    : null;
}

/** Opens captions above all other windows, where the browser can, else in a window of their own. */
async function openCaptions(): Promise<void> {
  const able = pictureInPicture();
  if (!able) {
    openPage();
    return;
  }
  try {
    const opened = await able.requestWindow(SIZE);
    copyStyles(opened.document);
    opened.addEventListener('pagehide', () => ownWindow.setState({ open: null }), { once: true });
    ownWindow.setState({ open: opened });
  } catch (error) {
    console.warn('There is no window above all others', error);
    openPage();
  }
}

/** A window of its own, which can fill another screen. */
function openPage(): void {
  const { source } = getApp().captions();
  const opened = window.open(
    captionsAddress(source),
    `ai2text-captions-${source}`,
    'popup,width=1100,height=600',
  );
  if (opened === null) showToast({ text: t('windowBlocked'), tone: 'danger' });
  else ownWindow.getState().open?.close();
}

function copyStyles(to: Document): void {
  const { documentElement: from } = document;
  to.documentElement.lang = from.lang;
  to.documentElement.dir = from.dir;
  Object.assign(to.documentElement.dataset, from.dataset);
  to.body.className = document.body.className;
  to.title = `${t('captions')} · AI2Text`;
  for (const sheet of document.querySelectorAll('link[rel="stylesheet"], style'))
    to.head.append(sheet.cloneNode(true));
}

/** Opens the captions of the recording. */
export function CaptionsButton() {
  return (
    <Button
      tone="quiet"
      shortens
      icon={<CaptionsIcon aria-hidden size={18} />}
      onClick={() => void openCaptions()}
    >
      {t('captions')}
    </Button>
  );
}

/** Draws captions into the window above all others while there is one, whatever page is shown. */
export function CaptionsWindow() {
  const open = useStore(ownWindow, (state) => state.open);
  return open && createPortal(<InWindow />, open.document.body);
}

function InWindow() {
  const captions = useStore(getApp().captions().text);
  return (
    <main className="fixed inset-0">
      <h1 className="sr-only">{t('captions')}</h1>
      <CaptionView
        captions={captions}
        status={t(`phase.${captions.phase}`)}
        isLive={captions.phase === 'listening'}
      >
        <IconButton label={t('openWindow')} onClick={openPage}>
          <ExternalLink aria-hidden size={18} />
        </IconButton>
      </CaptionView>
    </main>
  );
}
