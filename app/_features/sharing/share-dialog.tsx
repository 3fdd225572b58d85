'use client';

import { Share2 } from 'lucide-react';
import Link from 'next/link';
import { useId, useState } from 'react';
import { getApp } from '@/app/_features/app';
import {
  Button,
  buttonClass,
  CopyLink,
  Dialog,
  formatBytes,
  TransferBar,
} from '@/app/_features/ui';
import { createShare, type Transfer } from '@/lib/client/sharing';
import type { TranscriptRecord } from '@/lib/client/store';
import { MAX_AUDIO_BYTES, sealedBytes } from '@/lib/contracts';
import { LinkForm, SharingAccess } from './link-form';
import { t } from './messages';
import { ShareList } from './share-lists';

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

/** Makes a link: what it opens, until when, and for whom; then the link itself. */
function NewShare({ record }: { record: TranscriptRecord }) {
  const [link, setLink] = useState<string | null>(null);
  return link === null ? (
    <ShareForm record={record} onMade={setLink} />
  ) : (
    <NewLink link={link} onAnother={() => setLink(null)} />
  );
}

function ShareForm({
  record,
  onMade,
}: {
  record: TranscriptRecord;
  onMade: (link: string) => void;
}) {
  const [transfer, setTransfer] = useState<Transfer | null>(null);
  return (
    <LinkForm
      label={t('newLink')}
      create={async (choices, signal) => {
        const { playback } = getApp();
        try {
          onMade(await createShare(record, choices, { playback, signal, onProgress: setTransfer }));
        } finally {
          setTransfer(null);
        }
      }}
      hint={
        <>
          {record.state === 'partial' && `${t('transcriptNotFinished')} `}
          {t('encryptedHint')}
        </>
      }
      progress={(cancel) => (
        <div className="space-y-3">
          {transfer ? (
            <TransferBar label={t('uploading')} {...transfer} />
          ) : (
            <p role="status" className="text-muted text-sm">
              {t('encrypting')}
            </p>
          )}
          <Button onClick={cancel}>{t('cancel')}</Button>
        </div>
      )}
    >
      <AudioChoice record={record} />
    </LinkForm>
  );
}

/** Whether the recording goes with the text; only where it is kept. */
function AudioChoice({ record }: { record: TranscriptRecord }) {
  const id = useId();
  const { media, source, playable } = record;
  // what is played here is what is shared
  const { sizeBytes, hasVideo } = playable ?? { ...source, hasVideo: record.hasVideo };
  if (media !== 'kept') return <p className="text-muted text-sm">{t('recordingNotKept')}</p>;
  const tooLarge = sealedBytes(sizeBytes) > MAX_AUDIO_BYTES;
  const size = formatBytes(sizeBytes);
  return (
    <div>
      <label className="inline-flex min-h-10 cursor-pointer items-center gap-2 text-sm">
        <input
          type="checkbox"
          name="audio"
          disabled={tooLarge}
          aria-describedby={id}
          className="size-4 accent-(--accent)"
        />
        {t('includeAudio')}
      </label>
      <p id={id} className="text-muted text-sm">
        {tooLarge
          ? t('tooLargeToShare', { size, most: formatBytes(MAX_AUDIO_BYTES) })
          : t(hasVideo ? 'withPicture' : 'audioSize', { size })}
      </p>
    </div>
  );
}

/** The link that was made, ready to be copied. */
function NewLink({ link, onAnother }: { link: string; onAnother: () => void }) {
  return (
    <div className="space-y-3">
      <CopyLink label={t('shareLink')} link={link} />
      <p className="text-muted text-sm">{t('linkHint')}</p>
      <Button onClick={onAnother}>{t('createAnotherLink')}</Button>
    </div>
  );
}
