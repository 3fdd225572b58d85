'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { usePageTitle } from '@/app/_features/i18n';
import {
  buttonClass,
  FormPage,
  FormProblem,
  Notice,
  PasswordField,
  useForm,
} from '@/app/_features/ui';
import { safePath } from '@/lib/core';
import { signIn, signInBy, useSignInFacts } from './account';
import { AccountForm, EmailField, ProviderButtons } from './account-form';
import { problemText, SIGN_IN_CODES, signInProblem } from './account-texts';
import { t } from './messages';
import { useSession } from './session';

/** Signs in people who have an account on this server. */
export function SignInPage() {
  usePageTitle(t('signIn'));
  const query = useSearchParams();
  const session = useSession();
  const facts = useSignInFacts();
  const path = safePath(query.get('callbackUrl'));
  const returned = signInProblem(query.get('error'));

  const form = useForm({
    fields: ['email', 'password'],
    check: ({ email, password }) => ({
      email: email.trim() === '' ? t('enterYourAddress') : undefined,
      password: password === '' ? t('enterYourPassword') : undefined,
    }),
    send: ({ email, password }) => signInBy(() => signIn(email, password), path),
    explain: (error) => problemText(error, SIGN_IN_CODES),
  });

  if (session && !form.busy)
    return (
      <FormPage title={t('signIn')}>
        {returned && <FormProblem>{returned}</FormProblem>}
        <p>
          {t.rich('signedInAs', {
            name: session.user.name,
            email: session.user.email,
            strong: (name) => <strong>{name}</strong>,
          })}
        </p>
        <div className="flex flex-wrap gap-2">
          <Link href={path} className={buttonClass('primary')}>
            {t('continue')}
          </Link>
          <Link href="/settings#account" className={buttonClass()}>
            {t('accountSettings')}
          </Link>
        </div>
      </FormPage>
    );

  if (facts.data?.accounts === false)
    return (
      <FormPage title={t('signIn')}>
        <Notice tone="info">{t('noAccountHere')}</Notice>
        <div>
          <Link href="/" className={buttonClass('primary')}>
            {t('toLibrary')}
          </Link>
        </div>
      </FormPage>
    );

  return (
    <FormPage title={t('signIn')}>
      <AccountForm
        form={form}
        problem={form.problem ?? returned}
        action={t('signIn')}
        busyAction={t('signingIn')}
      >
        <EmailField field={form.field('email')} />
        <PasswordField
          label={t('password')}
          autoComplete="current-password"
          {...form.field('password')}
        />
      </AccountForm>
      <ProviderButtons providers={facts.data?.providers ?? []} path={path} />
    </FormPage>
  );
}
