'use client';

import { Share2 } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button, buttonClass, Dialog } from '@/app/_features/ui';
import type { TranscriptRecord } from '@/lib/client/store';
import { t } from './messages';
import { NewShare } from './new-share';
import { ShareList } from './share-row';
import { SharingAccess } from './sharing-access';

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
      <SharingAccess signedOut={<SignInFirst id={record.id} />}>
        <div className="space-y-6">
          <NewShare record={record} />
          <ShareList transcriptId={record.id} />
        </div>
      </SharingAccess>
    </Dialog>
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
