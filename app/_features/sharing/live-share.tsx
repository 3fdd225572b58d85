'use client';

import { Radio } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { getApp } from '@/app/_features/app';
import { Button, CopyLink, Dialog, errorSentence } from '@/app/_features/ui';
import { type LiveShare, type LiveShareState, shareLive } from '@/lib/client/sharing';
import { LinkForm, SharingAccess } from './link-form';
import { t } from './messages';
import { ShareList } from './share-lists';

/** The default lifetime: a live link is only needed today. */
const USUAL_LIFETIME = '86400';

/** The live link that was made last, and the recording it is of. */
interface Shared {
  recordingId: string;
  share: LiveShare;
}

const sharedStore = createStore<{ shared: Shared | null }>(() => ({ shared: null }));

function useShared(recordingId: string): LiveShare | null {
  const shared = useStore(sharedStore, (state) => state.shared);
  return shared?.recordingId === recordingId ? shared.share : null;
}

/** Opens the live link of the recording under way. */
export function LiveShareButton({ recordingId }: { recordingId: string }) {
  const [open, setOpen] = useState(false);
  const share = useShared(recordingId);
  return (
    <>
      <Button
        tone="quiet"
        shortens={!share}
        icon={<Radio aria-hidden size={18} />}
        onClick={() => setOpen(true)}
      >
        {share ? <Label share={share} /> : t('shareLive')}
      </Button>
      {open && (
        <Dialog title={t('shareLive')} onClose={() => setOpen(false)}>
          <SharingAccess signedOut={<p className="text-sm">{t('liveAccountNeeded')}</p>}>
            <Links recordingId={recordingId} />
          </SharingAccess>
        </Dialog>
      )}
    </>
  );
}

function Label({ share }: { share: LiveShare }) {
  const { kind } = useStore(share.state);
  return kind === 'live' || kind === 'waiting' ? t('sharedLive') : t('shareLive');
}

/** How sending is going; there is nothing to see where nothing is shared. */
export function LiveShareStatus({ recordingId }: { recordingId: string }) {
  const share = useShared(recordingId);
  return (
    // always there: what comes into it is read aloud
    <div role="status" className="text-muted text-sm">
      {share && <State share={share} />}
    </div>
  );
}

function State({ share }: { share: LiveShare }) {
  return <p className="mt-3">{stateText(useStore(share.state))}</p>;
}

function stateText(state: LiveShareState): string {
  if (state.kind !== 'failed') return t(`live.${state.kind}`);
  const { code } = state.error;
  return code === 'NOT_FOUND'
    ? t('live.revoked')
    : t('live.failed', { problem: errorSentence(code) });
}

function Links({ recordingId }: { recordingId: string }) {
  const share = useShared(recordingId);
  return (
    <div className="space-y-6">
      {share ? <Running share={share} recordingId={recordingId} /> : <Form id={recordingId} />}
      <ShareList transcriptId={recordingId} />
    </div>
  );
}

function Running({ share, recordingId }: { share: LiveShare; recordingId: string }) {
  const state = useStore(share.state);
  const isOver = state.kind === 'ended' || state.kind === 'failed';
  return (
    <div className="space-y-4">
      {state.kind !== 'failed' && <CopyLink label={t('liveLink')} link={share.link} />}
      <p role="status" className="text-sm">
        {stateText(state)}
      </p>
      {isOver ? (
        <Form id={recordingId} />
      ) : (
        <>
          <p className="text-muted text-sm">{t('linkHint')}</p>
          <Button onClick={share.end}>{t('endLive')}</Button>
          <p className="text-muted text-sm">{t('endLiveHint')}</p>
        </>
      )}
    </div>
  );
}

function Form({ id }: { id: string }) {
  return (
    <LinkForm
      label={t('newLiveLink')}
      usualLifetime={USUAL_LIFETIME}
      create={async ({ lifetimeS, password }, signal) => {
        const options = { transcriptId: id, lifetimeS, password, signal };
        const share = await shareLive(getApp().captions().text, options);
        sharedStore.setState({ shared: { recordingId: id, share } });
      }}
      hint={t('liveHint')}
    />
  );
}
