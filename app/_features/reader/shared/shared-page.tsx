'use client';

import { LockKeyhole } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import {
  Button,
  buttonClass,
  errorText,
  FormPage,
  FormProblem,
  PasswordField,
  TransferBar,
  useForm,
} from '@/app/_features/ui';
import { type Opening, type OpenLink, openLink, type ShareLink } from '@/lib/client/sharing';
import { type ErrorCode, isAbort, toAppError } from '@/lib/core';
import { t } from '../messages';
import { LivePage } from './live-page';
import { SharedTranscript } from './shared-transcript';
import { useShareLink } from './use-share-link';

/** Said alike of links that are unknown, have expired or were revoked. */
function NotAvailable() {
  return (
    <Problem title={t('linkNotAvailable')}>
      <p>{t('linkGoneHint')}</p>
    </Problem>
  );
}

/** Encryption needs a secure page. @param secure the same link for https, where it is whole */
function NotSecure({ secure }: { secure: string | null }) {
  return (
    <Problem title={t('needsHttps')}>
      <p>{t('needsHttpsHint')}</p>
      {secure !== null && (
        <a href={secure} className={buttonClass('primary')}>
          {t('tryHttps')}
        </a>
      )}
    </Problem>
  );
}

/** Failures that pass by themselves. */
const PASSING: readonly ErrorCode[] = ['OFFLINE', 'CONNECTION_SLOW', 'SERVER_BUSY', 'UNKNOWN'];

/** Why a link could not be opened, and what to do. */
function OpeningProblem({ code, onRetry }: { code: ErrorCode; onRetry?: () => void }) {
  const { happened, next } = errorText(code);
  return (
    <Problem title={code === 'SHARE_LINK_INVALID' ? t('linkNotAvailable') : t('linkNotOpened')}>
      <p>
        {happened} {next}
      </p>
      {code === 'SHARE_TOO_NEW' && (
        <Button tone="primary" onClick={() => window.location.reload()}>
          {t('reloadPage')}
        </Button>
      )}
      {onRetry && PASSING.includes(code) && (
        <Button tone="primary" onClick={onRetry}>
          {t('tryAgain')}
        </Button>
      )}
    </Problem>
  );
}

function Problem({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div role="alert" className="max-w-prose space-y-4 py-16">
      <h1 className="text-3xl">{title}</h1>
      <div className="space-y-4 text-muted">{children}</div>
    </div>
  );
}

/** Why a password did not open the link. */
type Refusal = 'wrong' | 'limited';

/** Asks for the password of a link. @param children how far it has come since */
function PasswordPrompt({
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

/** A shared transcript, or live text, for anyone who has its link. */
export function SharedPage() {
  const link = useShareLink();
  if (link === null) return <OpeningNow />;
  if ('problem' in link)
    return link.problem === 'insecure' ? (
      <NotSecure secure={link.secure} />
    ) : (
      <OpeningProblem code={link.problem} />
    );
  return <Linked key={`${link.id} ${link.secret}`} link={link} />;
}

type Step =
  | { kind: 'opening' }
  | { kind: 'asking'; refusal: Refusal | null }
  | { kind: 'failed'; error: ReturnType<typeof toAppError> }
  | OpenLink;

function Linked({ link }: { link: ShareLink }) {
  const [step, setStep] = useState<Step>(
    link.hasPassword ? { kind: 'asking', refusal: null } : { kind: 'opening' },
  );

  // live text is followed until this page is left
  const life = useRef<AbortController | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    life.current = controller;
    return () => controller.abort();
  }, []);

  const [progress, setProgress] = useState<Opening | null>(null);

  const open = useCallback(
    async (password: string | null, signal: AbortSignal) => {
      try {
        const until = life.current?.signal ?? signal;
        setStep(await openLink(link, password, { signal, until, onProgress: setProgress }));
      } catch (failure) {
        if (isAbort(failure)) return;
        const error = toAppError(failure);
        const refusal = refusalOf(error.code, password);
        setProgress(null);
        setStep(refusal === undefined ? { kind: 'failed', error } : { kind: 'asking', refusal });
      }
    },
    [link],
  );

  const isOpening = step.kind === 'opening';
  useEffect(() => {
    if (!isOpening) return;
    const scope = new AbortController();
    void open(null, scope.signal);
    return () => scope.abort();
  }, [isOpening, open]);

  switch (step.kind) {
    case 'opening':
      return (
        <div className="max-w-prose">
          <OpeningNow />
          <Progress of={progress} />
        </div>
      );
    case 'asking':
      return (
        <PasswordPrompt refusal={step.refusal} onOpen={open}>
          <Progress of={progress} />
        </PasswordPrompt>
      );
    case 'failed':
      return step.error.code === 'NOT_FOUND' ? (
        <NotAvailable />
      ) : (
        <OpeningProblem
          code={step.error.code}
          onRetry={() =>
            setStep(link.hasPassword ? { kind: 'asking', refusal: null } : { kind: 'opening' })
          }
        />
      );
    case 'open':
      return <SharedTranscript share={step.share} />;
    case 'live':
      return <LivePage live={step.live} />;
  }
}

/** What the password field says of a failure; `undefined` when it is not about the password. */
function refusalOf(code: string, password: string | null): Refusal | null | undefined {
  // the flag was cut off the link: the server says that there is a password
  if (code === 'FORBIDDEN') return password === null ? null : 'wrong';
  return code === 'RATE_LIMITED' ? 'limited' : undefined;
}

function OpeningNow() {
  return (
    <p role="status" className="pt-16 pb-6 text-muted">
      {t('openingShared')}
    </p>
  );
}

/** For smaller transcripts no progress is shown, in bytes: they load before anyone could read it. */
const WORTH_TELLING_BYTES = 2 ** 20;

/** Loading progress of a large transcript. */
function Progress({ of: progress }: { of: Opening | null }) {
  if (progress === null || progress.totalBytes < WORTH_TELLING_BYTES) return null;
  const { step, ...transfer } = progress;
  const label = step === 'loading' ? t('loadingTranscript') : t('readingTranscript');
  return <TransferBar label={label} {...transfer} />;
}
