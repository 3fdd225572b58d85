'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { sessionQuery } from '@/app/_features/account';
import { buttonClass, Dialog, Notice, QueryProblem } from '@/app/_features/ui';
import { canEncrypt } from '@/lib/client/sharing';
import type { TranscriptRecord } from '@/lib/client/store';
import { NewShare } from './new-share';
import { ShareList } from './share-list';

/** The links to a transcript: a new one, and those there are. */
export function ShareDialog({
  record,
  onClose,
}: {
  record: TranscriptRecord;
  onClose: () => void;
}) {
  return (
    <Dialog title="Share" onClose={onClose}>
      {canEncrypt() ? <ForWhoeverIsSignedIn record={record} /> : <NotSecure />}
    </Dialog>
  );
}

function NotSecure() {
  return (
    <Notice tone="warn">
      <p>
        Shared transcripts are encrypted in the browser, and browsers allow that only on pages that
        come over https or from this very machine. Open AI2Text by an https address to share.
      </p>
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
        Looking who is signed in …
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
      <p>
        To share by a link you need an account on this server: it keeps the encrypted transcript for
        whoever opens the link. Everything else works without one.
      </p>
      <Link href={`/sign-in?callbackUrl=${back}`} className={buttonClass('primary')}>
        Sign in
      </Link>
    </div>
  );
}
