import type { TimeRange } from './playback';

/** The shortest part of a recording that fills the waveform, in ms. */
const CLOSEST_MS = 10_000;

/** How much a press of a zoom button or key magnifies. */
export const ZOOM_STEP = 2;

/** A selection shorter than this is a press, in ms. */
export const SHORTEST_SELECTION_MS = 50;

/** A change of position larger than this between two reports is a jump, in ms. */
const JUMP_MS = 1_500;

/** How far from the left edge the position stands once the view has followed it, as a share. */
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

/** Where a time stands across a view: 0 at its left edge, 1 at its right one, outside of these beyond. */
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

/** Magnifies a view by a factor (below 1: the other way); what is at `aroundMs` stays where it is. */
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
 * A view that follows the position: it moves on when the position leaves it, and comes along with a jump. One
 * that was moved elsewhere by hand stays there.
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

/** What lies between two times; `null`: too little to be meant. */
export function selectionOf(oneMs: number, otherMs: number, durationMs: number): TimeRange | null {
  const within = (ms: number) => Math.round(Math.max(0, Math.min(ms, durationMs)));
  const fromMs = within(Math.min(oneMs, otherMs));
  const toMs = within(Math.max(oneMs, otherMs));
  return toMs - fromMs < SHORTEST_SELECTION_MS ? null : { fromMs, toMs };
}
