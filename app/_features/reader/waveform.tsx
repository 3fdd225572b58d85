'use client';

import { Repeat, X, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '@/app/_features/ui';
import type { Mark } from '@/lib/client/store';
import { formatClock } from '@/lib/core';
import { usePlayback, useTools } from './context';
import { t } from './messages';
import { SKIP_MS, type TimeRange } from './playback';
import { updateFollow } from './reader-state';
import { useWaveform } from './transcript-source';
import { WaveCanvas } from './wave-canvas';
import {
  clearSelection,
  extendSelection,
  followed,
  isClosest,
  movedTo,
  shareAt,
  showPart,
  toggleLoop,
  useWavePointer,
  type WaveStore,
  wholeView,
  ZOOM_STEP,
  zoomed,
} from './wave-state';

/** A step of Shift with an arrow key, as a share of what is visible. */
const SELECT_STEP = 0.01;

interface Props {
  durationMs: number;
  marks: readonly Mark[];
  wave: WaveStore;
  /** Drawn over the visible part. */
  children?: ReactNode;
}

/** The waveform, played part in colour, and over it the slider that moves the position. */
export function Waveform({ durationMs, marks, wave, children }: Props) {
  const strip = useRef<HTMLDivElement>(null);
  const peaks = useWaveform(durationMs);
  const timeMs = usePlayback((state) => state.timeMs);
  const shown = useStore(wave, (state) => state.view);
  const view = useMemo(() => shown ?? wholeView(durationMs), [shown, durationMs]);
  const selection = useStore(wave, (state) => state.selection);
  const loop = usePlayback((state) => state.loop);
  useWavePointer(strip, wave, durationMs);
  useFollowedView(wave, timeMs, durationMs);
  const left = (ms: number) => `${(shareAt(view, ms) * 100).toFixed(3)}%`;
  const played = Math.max(0, Math.min(100, shareAt(view, timeMs) * 100));
  const part = loop ?? selection;
  return (
    // time runs from left to right, whichever way text does
    <div dir="ltr">
      {selection && <Selection wave={wave} selection={selection} />}
      <div className="flex items-center gap-1">
        <div
          ref={strip}
          data-waveform
          className="relative h-12 min-w-0 flex-1 cursor-text touch-pan-y select-none overflow-hidden rounded-sm"
        >
          {part && (
            <span
              aria-hidden
              className="absolute inset-y-0 border-accent border-x-2 bg-accent-soft"
              style={{ left: left(part.fromMs), width: widthOf(part, view) }}
            />
          )}
          {peaks && (
            <>
              <WaveCanvas
                peaks={peaks}
                view={view}
                durationMs={durationMs}
                className="text-line-strong/60"
              />
              <WaveCanvas
                peaks={peaks}
                view={view}
                durationMs={durationMs}
                className="text-accent"
                clipPath={`inset(0 ${(100 - played).toFixed(3)}% 0 0)`}
              />
            </>
          )}
          {durationMs > 0 &&
            marks.map((mark) => (
              <span
                key={mark.id}
                aria-hidden
                className="absolute inset-y-0 w-0.5 bg-warn"
                style={{ left: left(Math.min(mark.atMs, durationMs)) }}
              />
            ))}
          <span
            aria-hidden
            className="absolute inset-y-0 -ml-px w-[3px] rounded-sm border-accent-strong border-l-[3px]"
            style={{ left: left(timeMs) }}
          />
          <Position durationMs={durationMs} timeMs={timeMs} wave={wave} view={view} />
          {children}
        </div>
        <Zoom wave={wave} view={view} durationMs={durationMs} />
      </div>
      {view.toMs - view.fromMs < durationMs && (
        <Overview wave={wave} view={view} peaks={peaks} durationMs={durationMs} timeMs={timeMs} />
      )}
    </div>
  );
}

const widthOf = ({ fromMs, toMs }: TimeRange, view: TimeRange) =>
  `${((shareAt(view, toMs) - shareAt(view, fromMs)) * 100).toFixed(3)}%`;

/** A magnified part comes along with the position. */
function useFollowedView(wave: WaveStore, timeMs: number, durationMs: number): void {
  const before = useRef(timeMs);
  useEffect(() => {
    const { view } = wave.getState();
    if (view) showPart(wave, followed(view, before.current, timeMs, durationMs), durationMs);
    before.current = timeMs;
  }, [wave, timeMs, durationMs]);
}

/** What is selected, and what can be done with it. */
function Selection({ wave, selection }: { wave: WaveStore; selection: TimeRange }) {
  const { playback } = useTools();
  const loops = usePlayback((state) => state.loop !== null);
  return (
    <div className="flex items-center gap-1">
      <p role="status" className="text-muted text-sm tabular-nums">
        {t('selected', { from: tenths(selection.fromMs), to: tenths(selection.toMs) })}
      </p>
      <IconButton
        label={t('repeatSelection')}
        aria-pressed={loops}
        tone={loops ? 'link' : 'quiet'}
        className={loops ? 'bg-accent-soft' : ''}
        onClick={() => toggleLoop(wave, playback)}
      >
        <Repeat aria-hidden size={18} />
      </IconButton>
      <IconButton label={t('clearSelection')} onClick={() => clearSelection(wave, playback)}>
        <X aria-hidden size={18} />
      </IconButton>
    </div>
  );
}

/** A time with its tenths of a second. */
const tenths = (ms: number) => `${formatClock(ms)}.${Math.floor((ms % 1000) / 100)}`;

function Zoom({
  wave,
  view,
  durationMs,
}: {
  wave: WaveStore;
  view: TimeRange;
  durationMs: number;
}) {
  const { playback } = useTools();
  const zoom = (factor: number) =>
    showPart(wave, zoomed(view, factor, playback.nowMs(), durationMs), durationMs);
  const size = 'size-6! rounded-md!';
  return (
    <div className="flex flex-col">
      <IconButton
        label={t('zoomIn')}
        className={size}
        disabled={isClosest(view, durationMs)}
        onClick={() => zoom(ZOOM_STEP)}
      >
        <ZoomIn aria-hidden size={16} />
      </IconButton>
      <IconButton
        label={t('zoomOut')}
        className={size}
        disabled={wave.getState().view === null}
        onClick={() => zoom(1 / ZOOM_STEP)}
      >
        <ZoomOut aria-hidden size={16} />
      </IconButton>
    </div>
  );
}

interface PositionProps {
  durationMs: number;
  timeMs: number;
  wave: WaveStore;
  view: TimeRange;
}

/** The slider for keys and for screen readers; pointers are taken by the waveform itself. */
function Position({ durationMs, timeMs, wave, view }: PositionProps) {
  const { playback, reader } = useTools();
  const extend = (side: -1 | 1) =>
    extendSelection(wave, playback, side * SELECT_STEP * (view.toMs - view.fromMs), durationMs);
  const zoom = (factor: number) =>
    showPart(wave, zoomed(view, factor, playback.nowMs(), durationMs), durationMs);
  /** @returns whether the key means something here */
  const act = ({ key, shiftKey }: KeyboardEvent): boolean => {
    switch (key) {
      // a step of the mouse is too small for keys
      case 'ArrowLeft':
      case 'ArrowRight': {
        const side = key === 'ArrowLeft' ? -1 : 1;
        if (shiftKey) extend(side);
        else playback.skip(side * SKIP_MS);
        return true;
      }
      case '+':
      case '-':
        zoom(key === '+' ? ZOOM_STEP : 1 / ZOOM_STEP);
        return true;
      case 'Escape':
        if (!wave.getState().selection) return false;
        clearSelection(wave, playback);
        return true;
      default:
        return false;
    }
  };
  return (
    <input
      type="range"
      aria-label={t('position')}
      aria-valuetext={t('timeOf', { time: formatClock(timeMs), duration: formatClock(durationMs) })}
      min={0}
      max={Math.max(1, durationMs)}
      step={100}
      value={Math.min(timeMs, durationMs)}
      className="wave-slider pointer-events-none absolute inset-0 size-full"
      onChange={(event) => {
        updateFollow(reader, 'sought');
        playback.seek(Number(event.target.value));
      }}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (act(event)) event.preventDefault();
      }}
    />
  );
}

interface OverviewProps extends PositionProps {
  peaks: Uint8Array | undefined;
}

/** The whole recording in small, with the visible part in it, which it moves. */
function Overview({ wave, view, peaks, durationMs, timeMs }: OverviewProps) {
  const whole = wholeView(durationMs);
  const left = (ms: number) => `${(shareAt(whole, ms) * 100).toFixed(3)}%`;
  const span = view.toMs - view.fromMs;
  return (
    <div className="relative mt-1 mr-7 h-6 overflow-hidden rounded-sm bg-sunken">
      {peaks && (
        <WaveCanvas
          peaks={peaks}
          view={whole}
          durationMs={durationMs}
          className="text-line-strong/60"
        />
      )}
      <span
        aria-hidden
        className="absolute inset-y-0 min-w-1 rounded-sm border border-accent bg-accent/20"
        style={{ left: left(view.fromMs), width: widthOf(view, whole) }}
      />
      <span
        aria-hidden
        className="absolute inset-y-0 border-accent-strong border-l-2"
        style={{ left: left(timeMs) }}
      />
      <input
        type="range"
        aria-label={t('visiblePart')}
        aria-valuetext={t('timeRange', {
          from: formatClock(view.fromMs),
          to: formatClock(view.toMs),
        })}
        min={0}
        max={Math.max(1, durationMs - span)}
        step="any"
        value={view.fromMs}
        className="wave-slider absolute inset-0 size-full"
        onChange={({ target }) =>
          showPart(wave, movedTo(view, Number(target.value), durationMs), durationMs)
        }
        onKeyDown={(event) => {
          const by = { ArrowLeft: -0.5, ArrowRight: 0.5 }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          showPart(wave, movedTo(view, view.fromMs + by * span, durationMs), durationMs);
        }}
      />
    </div>
  );
}
