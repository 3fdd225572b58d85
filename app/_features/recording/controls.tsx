'use client';

import { Bookmark, Mic, Pause, Square } from 'lucide-react';
import { type ComponentProps, Fragment, type ReactNode, useEffect, useRef } from 'react';
import { getApp, useChosenSetting } from '@/app/_features/app';
import { CaptionsButton } from '@/app/_features/captions';
import { liveModelText } from '@/app/_features/models';
import { LiveShareButton, LiveShareStatus } from '@/app/_features/sharing';
import { Button, formatPercent } from '@/app/_features/ui';
import type {
  CaptureInput,
  Recording,
  RecordingPhase,
  RecordingState,
} from '@/lib/client/recording';
import { formatClock } from '@/lib/core';
import { DeviceSelect } from './input-fields';
import { t } from './messages';
import { useMicrophones, useRecording } from './use-recording';

/** Quieter than this is drawn as nothing, in dB of full scale. */
const FLOOR_DB = -60;

/** From here on it is too loud. */
const LOUD = 0.98;

/** Steps in which the level is given to screen readers, in percent. */
const TOLD_PERCENT = 5;

/**
 * Between two drawings of the level, in ms; the sound is reported twice as often. Each drawing is a frame
 * of the whole page, which costs as much as recognising what is said.
 */
const DRAWN_EVERY_MS = 180;

/** How loud it is; of two inputs each, so that one that gives nothing is seen beside one that does. */
function LevelMeters() {
  const source = useRecording((state) => state.source);
  if (source !== 'both')
    return (
      <div className="mt-4">
        <LevelMeter label={t('level')} levelOf={levelOfAll} />
      </div>
    );
  return (
    <div className="mt-4 grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 gap-y-1 text-muted text-sm">
      {(['microphone', 'display'] as const).map((input) => (
        <Fragment key={input}>
          {/* the meter is named by it */}
          <span aria-hidden>{t(`input.${input}`)}</span>
          <LevelMeter
            label={t('levelOf', { input: t(`input.${input}`) })}
            levelOf={LEVELS[input]}
          />
        </Fragment>
      ))}
    </div>
  );
}

type LevelOf = (state: RecordingState) => number;

const levelOfAll: LevelOf = ({ level }) => level;
const LEVELS = {
  microphone: ({ levels }) => levels.microphone ?? 0,
  display: ({ levels }) => levels.display ?? 0,
} as const satisfies Record<CaptureInput, LevelOf>;

/**
 * A level on a scale as ears have it. It is drawn for hours: past React, without animation,
 * in a layer of its own.
 */
function LevelMeter({ label, levelOf }: { label: string; levelOf: LevelOf }) {
  const meter = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { state } = getApp().recording();
    const draw = (level: number) => {
      const db = level > 0 ? 20 * Math.log10(level) : FLOOR_DB;
      const share = Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
      const isLoud = level > LOUD;
      if (bar.current) {
        bar.current.style.transform = `scaleX(${share.toFixed(3)})`;
        bar.current.toggleAttribute('data-loud', isLoud);
      }
      const percent = TOLD_PERCENT * Math.round((share * 100) / TOLD_PERCENT);
      const shown = String(percent);
      if (meter.current && meter.current.ariaValueNow !== shown) {
        meter.current.ariaValueNow = shown;
        meter.current.ariaValueText = isLoud ? t('tooLoud') : formatPercent(percent);
      }
    };
    let peak = levelOf(state.getState());
    let drawnAtMs = performance.now();
    draw(peak);
    return state.subscribe((now, before) => {
      const level = levelOf(now);
      if (level === levelOf(before)) return;
      peak = Math.max(peak, level);
      const nowMs = performance.now();
      // silence is shown at once: nothing may come after it
      if (level > 0 && nowMs - drawnAtMs < DRAWN_EVERY_MS) return;
      draw(level > 0 ? peak : 0);
      peak = 0;
      drawnAtMs = nowMs;
    });
  }, [levelOf]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers draw a meter of their own
    <div
      ref={meter}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
      className="h-2 overflow-hidden rounded-full bg-sunken"
    >
      <div
        ref={bar}
        style={{ transform: 'scaleX(0)' }}
        className="h-full origin-left rtl:origin-right bg-accent will-change-transform data-loud:bg-(--danger)"
      />
    </div>
  );
}

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
      {/* on a phone the words have most of the screen */}
      <div className="mt-4 flex flex-wrap items-center gap-2 max-sm:*:grow">
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
        {/* what a small screen shows as icons stays in one row */}
        <div className="flex flex-wrap gap-2 max-sm:*:grow">
          <Button
            tone="quiet"
            shortens
            disabled={phase !== 'recording' && phase !== 'paused'}
            icon={<Bookmark aria-hidden size={18} />}
            onClick={recording.mark}
          >
            {t('markThisMoment')}
          </Button>
          <CaptionsButton />
          {id !== null && <LiveShareButton recordingId={id} />}
        </div>
      </div>
      {id !== null && <LiveShareStatus recordingId={id} />}
      {held && source !== 'display' && (
        <OtherDevice choice={choice} onChange={(part) => void choose({ ...choice, ...part })} />
      )}
      <p className="mt-3 text-muted text-sm">
        <span className="pointer-coarse:hidden">
          {t.rich('keys', { key: (name) => <Key>{name}</Key> })}{' '}
        </span>
        {t('transcribedOnceMore', { live: liveModelText(liveModel, secondModel) })}
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
