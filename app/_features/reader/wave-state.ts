import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Playback, TimeRange } from './playback';
import { isZoomed, selectionOf, wholeView } from './wave-view';

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
 * Selects what lies between two times; what is repeated becomes the new selection, once there is one.
 * @returns the selection; `null`: too little lies between them
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

/** Takes the selection away; nothing is repeated any more. */
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
