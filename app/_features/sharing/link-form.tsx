'use client';

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { sessionQuery } from '@/app/_features/account';
import {
  Button,
  Field,
  type FormField,
  FormProblem,
  Notice,
  PasswordField,
  QueryProblem,
  SelectField,
  useForm,
} from '@/app/_features/ui';
import { canEncrypt, type ShareChoices } from '@/lib/client/sharing';
import { LIFETIME_S } from '@/lib/contracts';
import { t } from './messages';
import {
  dayAhead,
  LAST_DAY,
  LIFETIMES,
  lifetimeOf,
  shareProblem,
  useRefreshShares,
} from './own-shares';

interface LinkFormOptions {
  label: string;
  /** The lifetime that is chosen at first: a value of `LIFETIMES`. */
  usualLifetime?: string;
  /** Makes the link. It is aborted when the form is closed. */
  create: (choices: ShareChoices, signal: AbortSignal) => Promise<void>;
  hint: ReactNode;
  /** What stands in place of the button while the link is made. */
  progress?: (cancel: () => void) => ReactNode;
  /** Further fields. */
  children?: ReactNode;
}

/** Makes a link: until when it opens, and with which password. */
export function LinkForm({
  label,
  usualLifetime = String(LIFETIME_S.usual),
  create,
  hint,
  progress,
  children,
}: LinkFormOptions) {
  const refresh = useRefreshShares();
  const working = useRef<AbortController | null>(null);
  const cancel = () => working.current?.abort();
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
        // the day was checked above
        const lifetimeS = lifetimeOf(expires, day, new Date()) ?? 0;
        await create({ lifetimeS, password, withAudio: audio !== '' }, controller.signal);
      } finally {
        await refresh();
      }
    },
    explain: shareProblem,
  });

  return (
    <form
      noValidate
      aria-label={label}
      onSubmit={(event) => void form.submit(event)}
      className="space-y-4"
    >
      <fieldset disabled={form.busy} className="min-w-0 space-y-4">
        <ExpiryFields day={form.field('day')} usual={usualLifetime} />
        <PasswordField
          label={t('password')}
          name="password"
          autoComplete="new-password"
          hint={t('passwordHint')}
        />
        {children}
      </fieldset>
      <p className="text-muted text-sm">{hint}</p>
      <FormProblem>{form.problem}</FormProblem>
      {form.busy && progress ? (
        progress(cancel)
      ) : (
        <Button type="submit" tone="primary" aria-disabled={form.busy}>
          {t('createLink')}
        </Button>
      )}
    </form>
  );
}

/** Until when a link opens. */
function ExpiryFields({ day, usual }: { day: FormField; usual: string }) {
  const [choice, setChoice] = useState(usual);
  const now = new Date();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField
        label={t('expires')}
        name="expires"
        value={choice}
        onChange={(event) => {
          setChoice(event.target.value);
          day.onChange();
        }}
      >
        {LIFETIMES.map(({ value, name }) => (
          <option key={value} value={value}>
            {t(`lifetime.${name}`)}
          </option>
        ))}
      </SelectField>
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

/** Shows how to share to somebody signed in, on a page on which browsers encrypt; else what is missing. */
export function SharingAccess({
  signedOut,
  children,
}: {
  /** What somebody without an account sees. */
  signedOut: ReactNode;
  children: ReactNode;
}) {
  return canEncrypt() ? (
    <SignedInOnly signedOut={signedOut}>{children}</SignedInOnly>
  ) : (
    <Notice tone="warn">
      <p>{t('notSecure')}</p>
    </Notice>
  );
}

function SignedInOnly({ signedOut, children }: { signedOut: ReactNode; children: ReactNode }) {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  if (session !== undefined) return session === null ? signedOut : children;
  return error ? (
    <QueryProblem error={error} onRetry={() => void refetch()} />
  ) : (
    <p role="status" className="text-muted text-sm">
      {t('checkingSignIn')}
    </p>
  );
}
