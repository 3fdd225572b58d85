'use client';

import { useQuery } from '@tanstack/react-query';
import { Radio } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { sessionQuery } from '@/app/_features/account';
import { getApp } from '@/app/_features/app';
import {
  Button,
  CopyLink,
  Dialog,
  errorSentence,
  FormProblem,
  PasswordField,
  QueryProblem,
  useForm,
} from '@/app/_features/ui';
import { canEncrypt, type LiveShare, type LiveShareState, shareLive } from '@/lib/client/sharing';
import { t } from './messages';
import { ExpiryFields } from './new-share';
import { useRefreshShares } from './own-shares';
import { NotSecure } from './share-dialog';
import { lifetimeOf, shareProblem } from './share-facts';
import { ShareList } from './share-row';

/** What is chosen at first: a live link is of use today. */
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
      <Button tone="quiet" icon={<Radio aria-hidden size={18} />} onClick={() => setOpen(true)}>
        {share ? <Label share={share} /> : t('shareLive')}
      </Button>
      {open && (
        <Dialog title={t('shareLive')} onClose={() => setOpen(false)}>
          {canEncrypt() ? <ForWhoeverIsSignedIn recordingId={recordingId} /> : <NotSecure />}
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

function ForWhoeverIsSignedIn({ recordingId }: { recordingId: string }) {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  if (session === undefined)
    return error ? (
      <QueryProblem error={error} onRetry={() => void refetch()} />
    ) : (
      <p role="status" className="text-muted text-sm">
        {t('checkingSignIn')}
      </p>
    );
  if (session === null) return <p className="text-sm">{t('liveAccountNeeded')}</p>;
  return <Links recordingId={recordingId} />;
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
  const refresh = useRefreshShares();
  const working = useRef<AbortController | null>(null);
  // closing the dialog gives it up
  useEffect(() => () => working.current?.abort(), []);
  const form = useForm({
    fields: ['expires', 'day', 'password'],
    check: ({ expires, day }) => ({
      day: lifetimeOf(expires, day, new Date()) === null ? t('chooseDay') : undefined,
    }),
    async send({ expires, day, password }) {
      const controller = new AbortController();
      working.current = controller;
      try {
        const share = await shareLive(getApp().captions().text, {
          transcriptId: id,
          // checked above
          lifetimeS: lifetimeOf(expires, day, new Date()) ?? 0,
          password,
          signal: controller.signal,
        });
        sharedStore.setState({ shared: { recordingId: id, share } });
      } finally {
        await refresh();
      }
    },
    explain: shareProblem,
  });
  return (
    <form
      noValidate
      aria-label={t('newLiveLink')}
      onSubmit={(event) => void form.submit(event)}
      className="space-y-4"
    >
      <fieldset disabled={form.busy} className="min-w-0 space-y-4">
        <ExpiryFields day={form.field('day')} usual={USUAL_LIFETIME} />
        <PasswordField
          label={t('password')}
          name="password"
          autoComplete="new-password"
          hint={t('passwordHint')}
        />
      </fieldset>
      <p className="text-muted text-sm">{t('liveHint')}</p>
      <FormProblem>{form.problem}</FormProblem>
      <Button type="submit" tone="primary" aria-disabled={form.busy}>
        {t('createLink')}
      </Button>
    </form>
  );
}
