'use client';

import { useEffect, useRef } from 'react';
import { getApp } from '@/app/_features/app';
import { ModelLine } from '@/app/_features/models';
import { errorText, focusMain, Notice } from '@/app/_features/ui';
import { BrokenOff } from './broken-off';
import { Controls } from './controls';
import { FinalPass } from './final-pass';
import { InputChoice } from './input-choice';
import { LiveTranscript } from './live-transcript';
import { Marks } from './marks';
import { Notices } from './notices';
import { isUnderWay, useRecording, useRecordingSupport } from './use-recording';

/** Record, and read what is said. */
export function RecordPage() {
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
      <h1 className="text-2xl sm:text-3xl">Record</h1>
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

const REASONS = {
  insecure:
    'Browsers give the microphone only to pages that come by https (or from this very computer). Open AI2Text by its https address.',
  browser: 'This browser cannot record in a page. A newer Chrome, Edge, Firefox or Safari can.',
  storage:
    'This window has no private storage to record into: private windows of some browsers have none. Use a normal window.',
} as const;

function NotHere({ reason }: { reason: keyof typeof REASONS }) {
  return (
    <div className="max-w-prose space-y-4 pt-2 sm:pt-6">
      <h1 className="text-2xl sm:text-3xl">Record</h1>
      <Notice tone="warn">
        <p>{REASONS[reason]}</p>
      </Notice>
    </div>
  );
}
