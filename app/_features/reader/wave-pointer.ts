'use client';

import { type RefObject, useEffect } from 'react';
import { useTools } from './context';
import { updateFollow } from './reader-state';
import { clearSelection, select, showPart, visiblePart, type WaveStore } from './wave-state';
import { movedTo, msAt, shareAt, zoomed } from './wave-view';

/** A pointer that moves less than this was pressed, not dragged, in CSS pixels. */
const PRESS_PX = 4;

/** This close to the line of the position a drag moves the position, in CSS pixels. */
const GRIP_PX = 6;

/** How far a notch of a mouse wheel (100 units) magnifies: by this power of e. */
const WHEEL_STEP = 1 / 300;

type Drag =
  | { kind: 'press' | 'select'; startX: number; anchorMs: number }
  | { kind: 'position' }
  | { kind: 'pinch'; apartPx: number };

/**
 * The waveform under a mouse, a pen or fingers: a press goes there, a drag selects, a drag of the position
 * moves it; two fingers, or the wheel with Ctrl, zoom; the wheel with Shift, or sideways, scrolls.
 */
export function useWavePointer(
  strip: RefObject<HTMLElement | null>,
  wave: WaveStore,
  durationMs: number,
): void {
  const { playback, reader } = useTools();
  useEffect(() => {
    const element = strip.current;
    if (!element || durationMs <= 0) return;
    const scope = new AbortController();
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      listener: (event: HTMLElementEventMap[K]) => void,
    ) => element.addEventListener(type, listener, { signal: scope.signal, passive: false });
    const view = () => visiblePart(wave.getState(), durationMs);
    const box = () => element.getBoundingClientRect();
    const timeAt = (clientX: number) => {
      const { left, width } = box();
      return msAt(view(), Math.max(0, Math.min(1, (clientX - left) / width)));
    };
    const seek = (ms: number) => {
      updateFollow(reader, 'sought');
      playback.seek(Math.min(ms, durationMs));
    };
    const isAtPosition = (clientX: number) => {
      const { left, width } = box();
      return Math.abs(shareAt(view(), playback.nowMs()) * width - (clientX - left)) <= GRIP_PX;
    };

    const down = new Map<number, number>();
    let drag: Drag | null = null;
    const apart = () => {
      const [first = 0, second = 0] = [...down.values()];
      return { apartPx: Math.max(1, Math.abs(first - second)), middle: (first + second) / 2 };
    };

    on('pointerdown', (event) => {
      if (event.button !== 0) return;
      // a border between segments is dragged by itself
      if (event.target instanceof Element && event.target.closest('[data-border]')) return;
      element.setPointerCapture(event.pointerId);
      down.set(event.pointerId, event.clientX);
      if (down.size === 2) drag = { kind: 'pinch', apartPx: apart().apartPx };
      else if (isAtPosition(event.clientX)) drag = { kind: 'position' };
      else drag = { kind: 'press', startX: event.clientX, anchorMs: timeAt(event.clientX) };
      element.querySelector('input')?.focus({ preventScroll: true });
    });
    // the focus stays on the slider, whose keys go with what is done here
    on('mousedown', (event) => event.preventDefault());
    on('pointermove', (event) => {
      if (!drag || !down.has(event.pointerId)) return;
      down.set(event.pointerId, event.clientX);
      if (drag.kind === 'pinch') {
        const { apartPx, middle } = apart();
        showPart(
          wave,
          zoomed(view(), apartPx / drag.apartPx, timeAt(middle), durationMs),
          durationMs,
        );
        drag = { kind: 'pinch', apartPx };
      } else if (drag.kind === 'position') seek(timeAt(event.clientX));
      else if (drag.kind === 'select' || Math.abs(event.clientX - drag.startX) > PRESS_PX) {
        drag = { ...drag, kind: 'select' };
        const headMs = timeAt(event.clientX);
        select(wave, playback, { anchorMs: drag.anchorMs, headMs }, durationMs);
      }
    });
    const end = (event: PointerEvent) => {
      down.delete(event.pointerId);
      if (drag?.kind === 'press' && event.type === 'pointerup') seek(drag.anchorMs);
      // dragged back to where it began
      if (drag?.kind === 'select' && !wave.getState().selection) clearSelection(wave, playback);
      drag = null;
    };
    on('pointerup', end);
    on('pointercancel', end);

    on('wheel', (event) => {
      const across = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const factor = Math.exp(-event.deltaY * WHEEL_STEP);
        showPart(wave, zoomed(view(), factor, timeAt(event.clientX), durationMs), durationMs);
      } else if (across !== 0 && wave.getState().view) {
        event.preventDefault();
        const { fromMs, toMs } = view();
        const byMs = (across / box().width) * (toMs - fromMs);
        showPart(wave, movedTo(view(), fromMs + byMs, durationMs), durationMs);
      }
    });
    return () => scope.abort();
  }, [strip, wave, durationMs, playback, reader]);
}
