'use client';

import { useQuery } from '@tanstack/react-query';
import { Share2 } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { sessionQuery } from '@/app/_features/account';
import { Button, buttonClass, Dialog, Notice, QueryProblem } from '@/app/_features/ui';
import { canEncrypt } from '@/lib/client/sharing';
import type { TranscriptRecord } from '@/lib/client/store';
import { t } from './messages';
import { NewShare } from './new-share';
import { ShareList } from './share-row';

/** The links to a transcript: a new one, and those there are. */
export function ShareDialog({
  record,
  onClose,
}: {
  record: TranscriptRecord;
  onClose: () => void;
}) {
  return (
    <Dialog title={t('share')} onClose={onClose}>
      {canEncrypt() ? <ForWhoeverIsSignedIn record={record} /> : <NotSecure />}
    </Dialog>
  );
}

/** Browsers encrypt on secure pages only. */
export function NotSecure() {
  return (
    <Notice tone="warn">
      <p>{t('notSecure')}</p>
    </Notice>
  );
}

function ForWhoeverIsSignedIn({ record }: { record: TranscriptRecord }) {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  if (session === undefined)
    return error ? (
      <QueryProblem error={error} onRetry={() => void refetch()} />
    ) : (
      <p role="status" className="text-muted text-sm">
        {t('checkingSignIn')}
      </p>
    );
  if (session === null) return <SignInFirst id={record.id} />;
  return (
    <div className="space-y-6">
      <NewShare record={record} />
      <ShareList transcriptId={record.id} />
    </div>
  );
}

function SignInFirst({ id }: { id: string }) {
  const back = encodeURIComponent(`/transcripts/${id}`);
  return (
    <div className="space-y-4 text-sm">
      <p>{t('accountNeeded')}</p>
      <Link href={`/sign-in?callbackUrl=${back}`} className={buttonClass('primary')}>
        {t('signIn')}
      </Link>
    </div>
  );
}

/** Opens the links to a transcript. */
export function ShareButton({ record }: { record: TranscriptRecord }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button shortens icon={<Share2 aria-hidden size={16} />} onClick={() => setOpen(true)}>
        {t('share')}
      </Button>
      {open && <ShareDialog record={record} onClose={() => setOpen(false)} />}
    </>
  );
}
