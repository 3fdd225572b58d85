'use client';

import { Bookmark, Mic, Pause, Square } from 'lucide-react';
import type { ReactNode } from 'react';
import { type ComponentProps, useEffect, useRef } from 'react';
import { useChosenSetting } from '@/app/_features/app';
import { CaptionsButton } from '@/app/_features/captions';
import { liveModelText } from '@/app/_features/models';
import { LiveShareButton, LiveShareStatus } from '@/app/_features/sharing';
import { Button } from '@/app/_features/ui';
import type { Recording, RecordingPhase, RecordingState } from '@/lib/client/recording';
import { formatClock } from '@/lib/core';
import { DeviceSelect } from './input-fields';
import { LevelMeters } from './level-meter';
import { t } from './messages';
import { useMicrophones, useRecording } from './use-recording';

const PHASES = {
  idle: null,
  starting: 'waitingForInput',
  recording: 'recording',
  paused: 'paused',
  interrupted: 'interrupted',
  finishing: 'savingRecording',
} as const satisfies Record<RecordingPhase, string | null>;

/** Elements in which letters are typed or mean something else. */
const KEEPS_KEYS = 'input, textarea, select, [contenteditable], dialog';

/** The clock, the level and the buttons of the recording under way. */
export function Controls({ recording }: { recording: Recording }) {
  const phase = useRecording((state) => state.phase);
  const id = useRecording((state) => state.id);
  const title = useRecording((state) => state.title);
  const liveModel = useRecording((state) => state.liveModel);
  const secondModel = useRecording((state) => state.secondModel);
  const source = useRecording((state) => state.source);
  const [choice, choose] = useChosenSetting('capture');
  const resume = () => void recording.resume({ ...choice, source });
  useKeys(recording, resume);
  const said = PHASES[phase];
  const held = phase === 'paused' || phase === 'interrupted';
  return (
    <section
      aria-label={t('recording')}
      className="rounded-2xl border border-line bg-surface px-5 py-5 sm:px-8"
    >
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <Clock recording={recording} isLive={phase === 'recording'} />
        <div className="min-w-0 flex-1 basis-40">
          <p className="font-medium">{title}</p>
          <p role="status" className="text-muted text-sm">
            {said && t(said)}
          </p>
        </div>
      </div>
      <LevelMeters />
      <div className="mt-4 flex flex-col gap-2 sm:flex-row sm:flex-wrap sm:items-center">
        {held ? (
          <Button tone="primary" icon={<Mic aria-hidden size={18} />} onClick={resume}>
            {t('resumeRecording')}
          </Button>
        ) : (
          <Button
            disabled={phase !== 'recording'}
            icon={<Pause aria-hidden size={18} />}
            onClick={recording.pause}
          >
            {t('pauseRecording')}
          </Button>
        )}
        <Button
          tone={held ? 'plain' : 'primary'}
          disabled={phase === 'starting' || phase === 'finishing'}
          icon={<Square aria-hidden size={16} fill="currentColor" />}
          onClick={() => void recording.stop()}
        >
          {t('stopRecording')}
        </Button>
        <Button
          tone="quiet"
          disabled={phase !== 'recording' && phase !== 'paused'}
          icon={<Bookmark aria-hidden size={18} />}
          onClick={recording.mark}
        >
          {t('markThisMoment')}
        </Button>
        <CaptionsButton />
        {id !== null && <LiveShareButton recordingId={id} />}
      </div>
      {id !== null && <LiveShareStatus recordingId={id} />}
      {held && source !== 'display' && (
        <OtherDevice choice={choice} onChange={(part) => void choose({ ...choice, ...part })} />
      )}
      <p className="mt-3 text-muted text-sm">
        {t.rich('keys', {
          key: (name) => <Key>{name}</Key>,
          live: liveModelText(liveModel, secondModel),
        })}
      </p>
    </section>
  );
}

/** While nothing is recorded, the microphone can be exchanged. */
function OtherDevice(props: Omit<ComponentProps<typeof DeviceSelect>, 'microphones'>) {
  const microphones = useMicrophones();
  return (
    <div className="mt-4 max-w-sm">
      <DeviceSelect microphones={microphones} {...props} />
    </div>
  );
}

function Key({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded-md border border-line bg-sunken px-1.5 py-0.5 font-mono text-xs">
      {children}
    </kbd>
  );
}

const seconds = ({ elapsedMs }: RecordingState) => Math.floor(elapsedMs / 1000);

/** The length so far, drawn once a second. Scripts that measure read it to the millisecond. */
function Clock({ recording, isLive }: { recording: Recording; isLive: boolean }) {
  const elapsed = useRecording(seconds);
  const clock = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const report = ({ elapsedMs }: RecordingState) =>
      clock.current?.setAttribute('data-elapsed-ms', String(elapsedMs));
    report(recording.state.getState());
    return recording.state.subscribe(report);
  }, [recording]);
  return (
    <p ref={clock} className="flex items-center gap-3 font-serif text-4xl tabular-nums sm:text-5xl">
      <span
        aria-hidden
        className={`size-3.5 rounded-full ${isLive ? 'bg-(--danger)' : 'bg-line-strong'}`}
      />
      {formatClock(elapsed * 1000)}
    </p>
  );
}

/** P and M, except where one types. */
function useKeys(recording: Recording, resume: () => void): void {
  const latest = useRef(resume);
  useEffect(() => {
    latest.current = resume;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, altKey, ctrlKey, metaKey, repeat, target, defaultPrevented } = event;
      if (defaultPrevented || altKey || ctrlKey || metaKey || repeat) return;
      if (target instanceof Element && target.closest(KEEPS_KEYS)) return;
      const { phase } = recording.state.getState();
      if (key === 'm' || key === 'M') recording.mark();
      else if (key !== 'p' && key !== 'P') return;
      else if (phase === 'recording') recording.pause();
      else latest.current();
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [recording]);
}
