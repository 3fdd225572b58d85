'use client';

import { type RefObject, useEffect } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { useTools } from './context';
import type { Playback, TimeRange } from './playback';
import { updateFollow } from './reader-state';

/** The shortest visible part of a recording, at the highest zoom, in ms. */
const CLOSEST_MS = 10_000;

/** How much a press of a zoom button or key magnifies. */
export const ZOOM_STEP = 2;

/** A shorter selection counts as a press, in ms. */
export const SHORTEST_SELECTION_MS = 50;

/** A change of position larger than this between two reports is a jump, in ms. */
const JUMP_MS = 1_500;

/** Distance of the position from the left edge once the view has followed it, as a share of the view. */
const LEAD = 0.1;

/** The whole recording. */
export const wholeView = (durationMs: number): TimeRange => ({ fromMs: 0, toMs: durationMs });

const spanOf = ({ fromMs, toMs }: TimeRange) => toMs - fromMs;

/** Whether less than the whole recording is visible. */
export function isZoomed(view: TimeRange, durationMs: number): boolean {
  return spanOf(view) < durationMs;
}

/** Whether it cannot be magnified further. */
export function isClosest(view: TimeRange, durationMs: number): boolean {
  return spanOf(view) <= Math.min(CLOSEST_MS, durationMs);
}

/** Position of a time in a view: 0 at the left edge, 1 at the right one; beyond them below 0 or above 1. */
export function shareAt(view: TimeRange, ms: number): number {
  return spanOf(view) > 0 ? (ms - view.fromMs) / spanOf(view) : 0;
}

/** The time at a share of a view's width. */
export function msAt(view: TimeRange, share: number): number {
  return Math.round(view.fromMs + share * spanOf(view));
}

/** Moves a view so that it starts at a time, as far as the recording goes. */
export function movedTo(view: TimeRange, fromMs: number, durationMs: number): TimeRange {
  const span = spanOf(view);
  const from = Math.max(0, Math.min(fromMs, durationMs - span));
  return from === view.fromMs ? view : { fromMs: from, toMs: from + span };
}

/** Zooms a view in by a factor (below 1: out); the time `aroundMs` stays where it is. */
export function zoomed(
  view: TimeRange,
  factor: number,
  aroundMs: number,
  durationMs: number,
): TimeRange {
  const closest = Math.min(CLOSEST_MS, durationMs);
  const span = Math.max(closest, Math.min(spanOf(view) / factor, durationMs));
  const anchor = Math.max(view.fromMs, Math.min(aroundMs, view.toMs));
  const fromMs = anchor - shareAt(view, anchor) * span;
  return movedTo({ fromMs, toMs: fromMs + span }, fromMs, durationMs);
}

/**
 * Makes a view follow the position: it moves when the position leaves it, or jumps. A view that was moved away from
 * the position by hand stays there until then.
 */
export function followed(
  view: TimeRange,
  beforeMs: number,
  nowMs: number,
  durationMs: number,
): TimeRange {
  const isVisible = (ms: number) => ms >= view.fromMs && ms <= view.toMs;
  const isJump = Math.abs(nowMs - beforeMs) > JUMP_MS;
  if (isVisible(nowMs) || !(isVisible(beforeMs) || isJump)) return view;
  return movedTo(view, nowMs - LEAD * spanOf(view), durationMs);
}

/** The selection between two times; `null`: it is too short to be intended. */
export function selectionOf(oneMs: number, otherMs: number, durationMs: number): TimeRange | null {
  const within = (ms: number) => Math.round(Math.max(0, Math.min(ms, durationMs)));
  const fromMs = within(Math.min(oneMs, otherMs));
  const toMs = within(Math.max(oneMs, otherMs));
  return toMs - fromMs < SHORTEST_SELECTION_MS ? null : { fromMs, toMs };
}

/** What the waveform shows, and what of it is selected. */
export interface WaveState {
  /** `null`: the whole recording, also while it grows. */
  view: TimeRange | null;
  selection: TimeRange | null;
  /** The end of the selection that stays when it is extended. */
  anchorMs: number;
}

export type WaveStore = StoreApi<WaveState>;

/** Makes a waveform that shows everything. */
export function createWaveState(): WaveStore {
  return createStore<WaveState>(() => ({ view: null, selection: null, anchorMs: 0 }));
}

/** The visible part. */
export function visiblePart({ view }: WaveState, durationMs: number): TimeRange {
  return view ?? wholeView(durationMs);
}

/** Shows another part. */
export function showPart(wave: WaveStore, view: TimeRange, durationMs: number): void {
  wave.setState({ view: isZoomed(view, durationMs) ? view : null });
}

/**
 * Selects the part between two times. If a part is being repeated, the new selection is repeated instead.
 * @returns the selection; `null`: it is too short
 */
export function select(
  wave: WaveStore,
  playback: Playback,
  { anchorMs, headMs }: { anchorMs: number; headMs: number },
  durationMs: number,
): TimeRange | null {
  const selection = selectionOf(anchorMs, headMs, durationMs);
  wave.setState({ selection, anchorMs });
  if (selection && playback.store.getState().loop) playback.setLoop(selection);
  return selection;
}

/** Clears the selection and stops repeating. */
export function clearSelection(wave: WaveStore, playback: Playback): void {
  wave.setState({ selection: null });
  playback.setLoop(null);
}

/** Moves the end of the selection that is not its anchor; without one it begins at the position. */
export function extendSelection(
  wave: WaveStore,
  playback: Playback,
  byMs: number,
  durationMs: number,
): void {
  const { selection, anchorMs: kept } = wave.getState();
  const nowMs = playback.nowMs();
  const anchorMs = selection ? kept : nowMs;
  const head = selection
    ? selection.fromMs === Math.round(anchorMs)
      ? selection.toMs
      : selection.fromMs
    : nowMs;
  const extended = select(wave, playback, { anchorMs, headMs: head + byMs }, durationMs);
  if (!extended) clearSelection(wave, playback);
}

/** Repeats the selection, or stops repeating; a position outside of it goes to its start. */
export function toggleLoop(wave: WaveStore, playback: Playback): void {
  const { selection } = wave.getState();
  if (playback.store.getState().loop || !selection) {
    playback.setLoop(null);
    return;
  }
  const nowMs = playback.nowMs();
  if (nowMs < selection.fromMs || nowMs >= selection.toMs) playback.seek(selection.fromMs);
  playback.setLoop(selection);
}

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
