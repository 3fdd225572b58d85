'use client';

import { useEffect, useRef, useState } from 'react';
import { getApp } from '@/app/_features/app';
import { Button, FormProblem, PasswordField, TransferBar, useForm } from '@/app/_features/ui';
import { createShare, type Transfer } from '@/lib/client/sharing';
import type { TranscriptRecord } from '@/lib/client/store';
import { AudioChoice } from './audio-choice';
import { ExpiryFields } from './expiry-fields';
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
      day:
        lifetimeOf(expires, day, new Date()) === null ? 'Choose a day within a year.' : undefined,
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
      aria-label="New link"
      onSubmit={(event) => void form.submit(event)}
      className="space-y-4"
    >
      <fieldset disabled={form.busy} className="min-w-0 space-y-4">
        <ExpiryFields day={form.field('day')} />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="new-password"
          hint="Optional. Tell it to your readers in another way than the link."
        />
        <AudioChoice record={record} />
      </fieldset>
      <p className="text-muted text-sm">
        {record.state === 'partial' && 'This transcript is not finished. '}
        The link shows the transcript as it is now. It is encrypted in this browser, and its key is
        a part of the link that the server never sees.
      </p>
      <FormProblem>{form.problem}</FormProblem>
      {form.busy ? (
        <div className="space-y-3">
          {transfer ? (
            <TransferBar label="Uploading" {...transfer} />
          ) : (
            <p role="status" className="text-muted text-sm">
              Encrypting …
            </p>
          )}
          <Button onClick={() => working.current?.abort()}>Cancel</Button>
        </div>
      ) : (
        <Button type="submit" tone="primary">
          Create link
        </Button>
      )}
    </form>
  );
}
