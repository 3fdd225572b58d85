'use client';

import { Fragment, useEffect, useRef } from 'react';
import { getApp } from '@/app/_features/app';
import { formatPercent } from '@/app/_features/ui';
import type { CaptureInput, RecordingState } from '@/lib/client/recording';
import { t } from './messages';
import { useRecording } from './use-recording';

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
export function LevelMeters() {
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
