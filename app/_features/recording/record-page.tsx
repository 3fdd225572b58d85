'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { getApp } from '@/app/_features/app';
import { usePageTitle } from '@/app/_features/i18n';
import { JobCard, useJobs, useTranscript } from '@/app/_features/library';
import { ModelLine } from '@/app/_features/models';
import { buttonClass, errorText, focusMain, Notice } from '@/app/_features/ui';
import { brokenRecording, rememberRecording } from '@/lib/client/recording';
import { Controls } from './controls';
import { InputChoice } from './input-fields';
import { LiveTranscript, Marks } from './live-transcript';
import { t } from './messages';
import { isUnderWay, noticeTexts, useRecording, useRecordingSupport } from './use-recording';

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

/** The button that was pressed goes away with the start and the end: Tab then starts from the top. */
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

/** What the user should know of the recording under way. */
function Notices() {
  const notices = useRecording((state) => state.notices);
  const phase = useRecording((state) => state.phase);
  const source = useRecording((state) => state.source);
  const texts = noticeTexts({ notices, phase, source });
  return (
    // always there: what comes into it is read aloud
    <div role="status" className={texts.length === 0 ? 'sr-only' : 'space-y-3'}>
      {texts.map(({ text, isMild }) => (
        <Notice key={text} tone={isMild ? 'info' : 'warn'}>
          <p>{text}</p>
        </Notice>
      ))}
    </div>
  );
}

/** After a reload in the middle of a recording: that it was kept, and where it is. */
function BrokenOff() {
  const id = useStore(brokenRecording, (state) => state.id);
  return id === null ? null : <Kept id={id} />;
}

function Kept({ id }: { id: string }) {
  const { data: record } = useTranscript(id);
  // nothing was said yet when it broke off, or it was deleted since
  if (!record) return null;
  const isSaved = record.media === 'kept';
  return (
    <Notice tone="info" isRow>
      <div className="flex flex-wrap items-center justify-between gap-3" role="status">
        <p className="min-w-0 flex-1 basis-56">
          {isSaved ? t('endedKept', { title: record.title }) : t('endedSaving')}
        </p>
        {isSaved && (
          <Link
            href={`/transcripts/${id}`}
            className={buttonClass('primary')}
            onClick={() => rememberRecording(null)}
          >
            {t('openRecording')}
          </Link>
        )}
      </div>
    </Notice>
  );
}

/** What comes after stop: the recording is transcribed as a whole, then its page is shown. */
function FinalPass({ id }: { id: string }) {
  // a better model's pass comes later, over a text that is there
  const job = useJobs().jobs.find((one) => one.id === id && !one.isSecondPass);
  const { data: record } = useTranscript(id);
  const router = useRouter();
  const href = `/transcripts/${id}`;
  const done = record?.state === 'complete';
  // a user who stays here sees it come; one who returns later finds the link
  const sawItRun = useRef(false);
  useEffect(() => {
    if (job) sawItRun.current = true;
    else if (done && sawItRun.current) router.push(href);
  }, [job, done, href, router]);
  if (job?.status === 'failed')
    return (
      <div className="space-y-3">
        <JobCard job={job} canMoveUp={false} canMoveDown={false} />
        {/* problems with the text are reported above; the recording itself is safe */}
        <Link href={href} className={buttonClass('plain')}>
          {t('openRecording')}
        </Link>
      </div>
    );
  return (
    <div className="space-y-3">
      <Notice tone="info" isRow>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-56">
            {done ? t('savedAndTranscribed') : t('savedBeingTranscribed')}
          </p>
          <Link href={href} className={buttonClass('primary')}>
            {t('openTranscript')}
          </Link>
        </div>
      </Notice>
      {job && <JobCard job={job} canMoveUp={false} canMoveDown={false} />}
    </div>
  );
}
