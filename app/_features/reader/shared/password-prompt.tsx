'use client';

import { LockKeyhole } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button, FormPage, FormProblem, PasswordField, useForm } from '@/app/_features/ui';
import { t } from '../messages';

/** Why a password did not open the link. */
export type Refusal = 'wrong' | 'limited';

/** Asks for the password of a link. @param children how far it has come since */
export function PasswordPrompt({
  refusal,
  onOpen,
  children,
}: {
  refusal: Refusal | null;
  onOpen: (password: string, signal: AbortSignal) => Promise<void>;
  children: ReactNode;
}) {
  const working = useRef<AbortController | null>(null);
  useEffect(() => () => working.current?.abort(), []);
  const form = useForm({
    fields: ['password'],
    check: ({ password }) => ({ password: password === '' ? t('enterPassword') : undefined }),
    async send({ password }) {
      working.current = new AbortController();
      await onOpen(password, working.current.signal);
    },
    // `onOpen` reports by `refusal`
    explain: () => '',
  });
  return (
    <FormPage title={t('locked')}>
      <form noValidate onSubmit={(event) => void form.submit(event)} className="space-y-4">
        <PasswordField
          label={t('password')}
          autoComplete="off"
          hint={t('passwordHint')}
          {...form.field('password')}
        />
        <FormProblem>{form.busy || refusal === null ? null : t(`refused.${refusal}`)}</FormProblem>
        <Button
          type="submit"
          tone="primary"
          className="w-full"
          icon={<LockKeyhole aria-hidden size={16} />}
          aria-disabled={form.busy}
        >
          {form.busy ? t('opening') : t('open')}
        </Button>
        {children}
      </form>
    </FormPage>
  );
}
