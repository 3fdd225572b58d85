'use client';

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { usePageTitle } from '@/app/_features/i18n';
import {
  Button,
  Field,
  FormPage,
  FormProblem,
  Notice,
  PasswordField,
  useForm,
} from '@/app/_features/ui';
import { ACCOUNT_LIMITS } from '@/lib/contracts';
import { toAppError } from '@/lib/core';
import {
  acceptInvitation,
  checkInvitation,
  checkReset,
  checkSetup,
  type NewAccount,
  resetPassword,
  setUp,
  signInBy,
  useLinkToken,
  useSignInFacts,
} from './account';
import { AccountForm, EmailField, ProviderButtons } from './account-form';
import {
  type CodeTexts,
  emailText,
  INVITE_CODES,
  newPasswordText,
  problemText,
  RESET_CODES,
  SETUP_CODES,
} from './account-texts';
import { t } from './messages';
import { useSession } from './session';

/** Worth trying again: nothing is wrong with the link. */
const PASSING = new Set(['OFFLINE', 'CONNECTION_SLOW', 'SERVER_BUSY', 'RATE_LIMITED', 'UNKNOWN']);

/**
 * A page that a link with a secret opens: it looks the secret up, and says plainly when the link does
 * not work and what to do then.
 */
function LinkPage<T>({
  title,
  name,
  missing,
  codes,
  check,
  children,
}: {
  title: string;
  /** Tells its answers from those of other pages. */
  name: string;
  /** Said when the address has no secret. */
  missing: string;
  codes: CodeTexts;
  check: (token: string, signal: AbortSignal) => Promise<T>;
  children: (token: string, found: T) => ReactNode;
}) {
  const token = useLinkToken();
  const { data, error, refetch } = useQuery({
    queryKey: ['link', name, token],
    // a query's answer is never `undefined`
    queryFn: async ({ signal }) => ({ found: await check(token ?? '', signal) }),
    enabled: token !== null && token !== '',
    gcTime: 0,
  });
  return (
    <FormPage title={title}>
      {token === '' && <p>{missing}</p>}
      {error && !data && (
        <>
          <FormProblem>{problemText(error, codes)}</FormProblem>
          {PASSING.has(toAppError(error).code) && (
            <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
          )}
        </>
      )}
      {!data && !error && token !== '' && (
        <p role="status" className="text-muted text-sm">
          {t('checkingLink')}
        </p>
      )}
      {token && data && children(token, data.found)}
    </FormPage>
  );
}

/** Lets a member choose a new password by a link that the owner made. */
export function ResetPage() {
  usePageTitle(t('newPassword'));
  return (
    <LinkPage
      title={t('chooseNewPassword')}
      name="reset"
      missing={t('resetLinkMissing')}
      codes={RESET_CODES}
      check={checkReset}
    >
      {(token, { email }) => <ResetForm token={token} email={email} />}
    </LinkPage>
  );
}

function ResetForm({ token, email }: { token: string; email: string }) {
  const form = useForm({
    fields: ['password'],
    check: ({ password }) => ({ password: newPasswordText(password, email) }),
    send: ({ password }) => signInBy(() => resetPassword(token, password), '/', t('passwordReset')),
    explain: (error) => problemText(error, RESET_CODES),
  });
  return (
    <AccountForm
      form={form}
      problem={form.problem}
      action={t('changeAndSignIn')}
      busyAction={t('changing')}
    >
      <Field label={t('email')} name="email" value={email} readOnly autoComplete="username" />
      <PasswordField
        label={t('newPassword')}
        autoComplete="new-password"
        hint={t('passwordMinSignedOut', { min: ACCOUNT_LIMITS.passwordMinChars })}
        {...form.field('password')}
      />
    </AccountForm>
  );
}

/** Makes the account that an invitation is for. */
export function InvitePage() {
  usePageTitle(t('invitation'));
  const facts = useSignInFacts();
  const session = useSession();
  return (
    <LinkPage
      title={t('youAreInvited')}
      name="invite"
      missing={t('inviteLinkMissing')}
      codes={INVITE_CODES}
      check={checkInvitation}
    >
      {(token, { invitedBy }) => (
        <>
          <p>
            {t.rich('invitesYou', {
              name: invitedBy,
              strong: (name) => <strong>{name}</strong>,
            })}
          </p>
          {session && (
            <Notice tone="warn">{t('signedInAlready', { name: session.user.name })}</Notice>
          )}
          <NewAccountForm
            codes={INVITE_CODES}
            waiting={t('accountBeingMade')}
            send={(account) =>
              signInBy(() => acceptInvitation(token, account), '/', t('accountMade'))
            }
          />
          <ProviderButtons
            providers={facts.data?.providers ?? []}
            path="/"
            intent={{ kind: 'invite', token }}
          />
        </>
      )}
    </LinkPage>
  );
}

/** Makes the account of this server's owner, once, by the link that the server printed. */
export function SetupPage() {
  usePageTitle(t('setUp'));
  const facts = useSignInFacts();
  return (
    <LinkPage
      title={t('setUpServer')}
      name="setup"
      missing={t('setupLinkMissing')}
      codes={SETUP_CODES}
      check={checkSetup}
    >
      {(token) => (
        <>
          <p>{t('setupHint')}</p>
          <NewAccountForm
            codes={SETUP_CODES}
            waiting={t('databaseBeingMade')}
            send={(account) =>
              signInBy(() => setUp(token, account), '/settings#account', t('youAreOwner'))
            }
          />
          <ProviderButtons
            providers={facts.data?.providers ?? []}
            path="/settings"
            intent={{ kind: 'setup', token }}
          />
        </>
      )}
    </LinkPage>
  );
}

/** A wait that is longer than this is explained, in ms. */
const EXPLAIN_AFTER_MS = 1500;

/** Name, address and password of a new account. */
function NewAccountForm({
  send,
  codes,
  waiting,
}: {
  send: (account: NewAccount) => Promise<void>;
  codes: CodeTexts;
  /** Said when it takes long. */
  waiting: string;
}) {
  const form = useForm({
    fields: ['name', 'email', 'password'],
    check: ({ email, password }) => ({
      email: emailText(email),
      password: newPasswordText(password, email),
    }),
    send,
    explain: (error) => problemText(error, codes),
  });
  const isLong = useLasting(form.busy);

  return (
    <div className="space-y-4">
      <AccountForm
        form={form}
        problem={form.problem}
        action={t('createAndSignIn')}
        busyAction={t('making')}
      >
        <Field
          label={t('name')}
          name="name"
          autoComplete="name"
          maxLength={ACCOUNT_LIMITS.nameChars}
          hint={t('nameHint')}
        />
        <EmailField field={form.field('email')} hint={t('emailHint')} />
        <PasswordField
          label={t('password')}
          autoComplete="new-password"
          hint={t('passwordMinWords', { min: ACCOUNT_LIMITS.passwordMinChars })}
          {...form.field('password')}
        />
      </AccountForm>
      <p role="status" className="text-muted text-sm">
        {isLong && waiting}
      </p>
    </div>
  );
}

/** Whether something has gone on for a while. */
function useLasting(isOn: boolean): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const timer = setTimeout(() => setLasts(true), EXPLAIN_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setLasts(false);
    };
  }, [isOn]);
  return lasts;
}
