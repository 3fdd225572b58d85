'use client';

import { useEffect, useRef } from 'react';
import { getApp } from '@/app/_features/app';
import { usePageTitle } from '@/app/_features/i18n';
import { ModelLine } from '@/app/_features/models';
import { errorText, focusMain, Notice } from '@/app/_features/ui';
import { BrokenOff } from './broken-off';
import { Controls } from './controls';
import { FinalPass } from './final-pass';
import { InputChoice } from './input-choice';
import { LiveTranscript } from './live-transcript';
import { Marks } from './marks';
import { t } from './messages';
import { Notices } from './notices';
import { isUnderWay, useRecording, useRecordingSupport } from './use-recording';

/** Record, and read what is said. */
export function RecordPage() {
  usePageTitle(t('record'));
  const underWay = useRecording(isUnderWay);
  const error = useRecording((state) => state.error);
  const id = useRecording((state) => state.id);
  const support = useRecordingSupport();
  useEffect(() => {
    if (!underWay) return;
    // what is recorded is kept all the same; but nobody closes it on purpose
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [underWay]);

  useFocusKept(underWay);

  if (support !== undefined && support !== 'ok') return <NotHere reason={support} />;
  const over = !underWay && id !== null;
  return (
    <div className="space-y-8 pt-2 sm:pt-6">
      <h1 className="text-2xl sm:text-3xl">{t('record')}</h1>
      {error && <Problem code={error.code} />}
      {over && id && <FinalPass id={id} />}
      {!underWay && <BrokenOff />}
      {!underWay && <InputChoice disabled={support === undefined} again={over} />}
      {!underWay && <ModelLine />}
      {underWay && <Controls recording={getApp().recording()} />}
      <Notices />
      {(underWay || over) && (
        <>
          <LiveTranscript />
          <Marks />
        </>
      )}
    </div>
  );
}

/** The button that was pressed goes away with the start and the end: Tab goes on from the top. */
function useFocusKept(underWay: boolean): void {
  const before = useRef(underWay);
  useEffect(() => {
    if (before.current === underWay) return;
    before.current = underWay;
    if (document.activeElement === document.body) focusMain();
  }, [underWay]);
}

function Problem({ code }: { code: Parameters<typeof errorText>[0] }) {
  const { happened, next } = errorText(code);
  return (
    <div role="alert">
      <Notice tone="danger">
        <p>
          {happened} {next}
        </p>
      </Notice>
    </div>
  );
}

function NotHere({ reason }: { reason: 'insecure' | 'browser' | 'storage' }) {
  return (
    <div className="max-w-prose space-y-4 pt-2 sm:pt-6">
      <h1 className="text-2xl sm:text-3xl">{t('record')}</h1>
      <Notice tone="warn">
        <p>{t(`notHere.${reason}`)}</p>
      </Notice>
    </div>
  );
}
