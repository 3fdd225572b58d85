'use client';

import { useEffect, useId, useRef, useState } from 'react';
import { getApp } from '@/app/_features/app';
import {
  Button,
  CopyLink,
  Field,
  type FormField,
  FormProblem,
  formatBytes,
  PasswordField,
  TransferBar,
  useForm,
} from '@/app/_features/ui';
import { createShare, type Transfer } from '@/lib/client/sharing';
import type { TranscriptRecord } from '@/lib/client/store';
import { LIFETIME_S, MAX_AUDIO_BYTES, sealedBytes } from '@/lib/contracts';
import { t } from './messages';
import { useRefreshShares } from './own-shares';
import { dayAhead, LAST_DAY, LIFETIMES, lifetimeOf, shareProblem } from './share-facts';

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

/** Until when a link opens. @param usual what is chosen at first: a value of `LIFETIMES` */
export function ExpiryFields({
  day,
  usual = String(LIFETIME_S.usual),
}: {
  day: FormField;
  usual?: string;
}) {
  const id = useId();
  const [choice, setChoice] = useState(usual);
  const now = new Date();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <div>
        <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
          {t('expires')}
        </label>
        <select
          id={id}
          name="expires"
          value={choice}
          onChange={(event) => {
            setChoice(event.target.value);
            day.onChange();
          }}
          className="block min-h-10 w-full rounded-lg border border-line-strong bg-surface px-3 text-base sm:text-sm"
        >
          {LIFETIMES.map(({ value, name }) => (
            <option key={value} value={value}>
              {t(`lifetime.${name}`)}
            </option>
          ))}
        </select>
      </div>
      {choice === 'date' && (
        <Field
          label={t('lastDay')}
          type="date"
          defaultValue={dayAhead(30, now)}
          min={dayAhead(0, now)}
          max={dayAhead(LAST_DAY, now)}
          {...day}
        />
      )}
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
