'use client';

import Link from 'next/link';
import { useEffect, useRef, useState } from 'react';
import { getApp } from '@/app/_features/app';
import { Button, buttonClass, Dialog, errorSentence, ProgressLine } from '@/app/_features/ui';
import type { CopyOptions, RedactedCopy, RedactionDraft } from '@/lib/client/redaction';
import { type ErrorCode, isAbort, toAppError } from '@/lib/core';
import { useTools } from '../context';
import { t } from '../messages';
import { RedactionForm } from './redaction-form';

type Step =
  | { kind: 'opening' }
  | { kind: 'choosing'; draft: RedactionDraft }
  | { kind: 'writing'; draft: RedactionDraft; share: number }
  | { kind: 'done'; copy: RedactedCopy }
  | { kind: 'failed'; code: ErrorCode; draft: RedactionDraft | null };

/** Makes a copy of a transcript without names and numbers. */
export function RedactionDialog({ onClose }: { onClose: () => void }) {
  const { source } = useTools();
  const [step, setStep] = useState<Step>({ kind: 'opening' });
  const scope = useRef<AbortController | null>(null);
  useEffect(() => () => scope.current?.abort(), []);
  useEffect(() => {
    let isGone = false;
    getApp()
      .redactor.open(source.id)
      .then(
        (draft) => !isGone && setStep({ kind: 'choosing', draft }),
        (error) =>
          !isGone && setStep({ kind: 'failed', code: toAppError(error).code, draft: null }),
      );
    return () => {
      isGone = true;
    };
  }, [source.id]);

  const write = async (draft: RedactionDraft, options: CopyOptions) => {
    const running = new AbortController();
    scope.current = running;
    const { signal } = running;
    const onProgress = (share: number) => {
      if (!signal.aborted) setStep({ kind: 'writing', draft, share });
    };
    onProgress(0);
    try {
      const copy = await getApp().redactor.copy(draft, options, { signal, onProgress });
      setStep({ kind: 'done', copy });
    } catch (error) {
      if (!isAbort(error)) setStep({ kind: 'failed', code: toAppError(error).code, draft });
    }
  };
  const draft = 'draft' in step ? step.draft : null;

  return (
    <Dialog wide title={t('redact')} onClose={onClose}>
      <div className="space-y-4 text-sm">
        {step.kind === 'opening' && <p role="status">{t('redact.opening')}</p>}
        {draft && (
          // kept while it is written: what was chosen is there again after a failure or a cancel
          <div hidden={step.kind !== 'choosing'}>
            <RedactionForm draft={draft} onSubmit={(options) => void write(draft, options)} />
          </div>
        )}
        {step.kind === 'writing' && (
          <>
            <ProgressLine
              label={t('redact.writing')}
              percent={step.share * 100}
              hint={t('labellingHint')}
            />
            <Button
              onClick={() => {
                scope.current?.abort();
                setStep({ kind: 'choosing', draft: step.draft });
              }}
            >
              {t('cancel')}
            </Button>
          </>
        )}
        {step.kind === 'done' && (
          <>
            <p role="status">{t('redact.done')}</p>
            {step.copy.soundProblem && (
              <p role="alert">
                {t('redact.noSound')} {errorSentence(step.copy.soundProblem.code)}
              </p>
            )}
            <Link
              href={`/transcripts/${step.copy.id}`}
              onClick={onClose}
              className={buttonClass('primary')}
            >
              {t('redact.openCopy')}
            </Link>
          </>
        )}
        {step.kind === 'failed' && (
          <>
            <p role="alert">{errorSentence(step.code)}</p>
            {step.draft && (
              <Button
                onClick={() => step.draft && setStep({ kind: 'choosing', draft: step.draft })}
              >
                {t('redact.back')}
              </Button>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}
