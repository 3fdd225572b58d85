'use client';

import { useEffect, useRef, useState } from 'react';
import { getApp } from '@/app/_features/app';
import { Button, FormProblem, PasswordField, TransferBar, useForm } from '@/app/_features/ui';
import { createShare, type Transfer } from '@/lib/client/sharing';
import type { TranscriptRecord } from '@/lib/client/store';
import { AudioChoice } from './audio-choice';
import { ExpiryFields } from './expiry-fields';
import { t } from './messages';
import { NewLink } from './new-link';
import { lifetimeOf, shareProblem } from './share-facts';
import { useRefreshShares } from './use-shares';

/** Makes a link: what it opens, until when, and for whom; then the link itself. */
export function NewShare({ record }: { record: TranscriptRecord }) {
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
  const refresh = useRefreshShares();
  const working = useRef<AbortController | null>(null);
  // closing the dialog gives it up
  useEffect(() => () => working.current?.abort(), []);

  const form = useForm({
    fields: ['expires', 'day', 'password', 'audio'],
    check: ({ expires, day }) => ({
      day: lifetimeOf(expires, day, new Date()) === null ? t('chooseDay') : undefined,
    }),
    async send({ expires, day, password, audio }) {
      const controller = new AbortController();
      working.current = controller;
      try {
        const choices = {
          // checked above
          lifetimeS: lifetimeOf(expires, day, new Date()) ?? 0,
          password,
          withAudio: audio !== '',
        };
        const { playback } = getApp();
        const options = { playback, signal: controller.signal, onProgress: setTransfer };
        onMade(await createShare(record, choices, options));
      } finally {
        setTransfer(null);
        await refresh();
      }
    },
    explain: shareProblem,
  });

  return (
    <form
      noValidate
      aria-label={t('newLink')}
      onSubmit={(event) => void form.submit(event)}
      className="space-y-4"
    >
      <fieldset disabled={form.busy} className="min-w-0 space-y-4">
        <ExpiryFields day={form.field('day')} />
        <PasswordField
          label={t('password')}
          name="password"
          autoComplete="new-password"
          hint={t('passwordHint')}
        />
        <AudioChoice record={record} />
      </fieldset>
      <p className="text-muted text-sm">
        {record.state === 'partial' && `${t('transcriptNotFinished')} `}
        {t('encryptedHint')}
      </p>
      <FormProblem>{form.problem}</FormProblem>
      {form.busy ? (
        <div className="space-y-3">
          {transfer ? (
            <TransferBar label={t('uploading')} {...transfer} />
          ) : (
            <p role="status" className="text-muted text-sm">
              {t('encrypting')}
            </p>
          )}
          <Button onClick={() => working.current?.abort()}>{t('cancel')}</Button>
        </div>
      ) : (
        <Button type="submit" tone="primary">
          {t('createLink')}
        </Button>
      )}
    </form>
  );
}
