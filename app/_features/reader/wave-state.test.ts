import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlayback } from './playback';
import {
  clearSelection,
  createWaveState,
  extendSelection,
  followed,
  isClosest,
  isZoomed,
  movedTo,
  msAt,
  select,
  selectionOf,
  shareAt,
  toggleLoop,
  wholeView,
  zoomed,
} from './wave-state';

const HOUR = 3_600_000;

describe('the zoomed waveform', () => {
  it('goes from the whole recording to ten seconds and back', () => {
    let view = wholeView(HOUR);
    expect(isZoomed(view, HOUR)).toBe(false);
    for (let press = 0; press < 20; press++) view = zoomed(view, 2, HOUR / 2, HOUR);
    expect(view).toEqual({ fromMs: HOUR / 2 - 5_000, toMs: HOUR / 2 + 5_000 });
    expect(isClosest(view, HOUR)).toBe(true);
    for (let press = 0; press < 20; press++) view = zoomed(view, 0.5, view.fromMs, HOUR);
    expect(view).toEqual(wholeView(HOUR));
  });

  it('shows a recording of less than ten seconds whole', () => {
    expect(zoomed(wholeView(4_000), 2, 1_000, 4_000)).toEqual(wholeView(4_000));
    expect(isClosest(wholeView(4_000), 4_000)).toBe(true);
  });

  it('keeps the time under the pointer where it is', () => {
    const view = zoomed(wholeView(HOUR), 4, 900_000, HOUR);
    expect(shareAt(view, 900_000)).toBeCloseTo(0.25, 9);
    expect(msAt(view, 0.25)).toBe(900_000);
  });

  it('stays within the recording, whatever is done', () => {
    const step = fc.record({
      factor: fc.double({ min: 0.1, max: 10, noNaN: true }),
      at: fc.integer({ min: -HOUR, max: 2 * HOUR }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let view = wholeView(HOUR);
        for (const { factor, at } of steps) {
          view = movedTo(zoomed(view, factor, at, HOUR), view.fromMs + at, HOUR);
          expect(view.fromMs).toBeGreaterThanOrEqual(0);
          expect(view.toMs).toBeLessThanOrEqual(HOUR + 1e-6);
          expect(view.toMs - view.fromMs).toBeGreaterThanOrEqual(10_000 - 1e-6);
        }
      }),
    );
  });
});

describe('a view that follows the position', () => {
  const view = { fromMs: 60_000, toMs: 80_000 };

  it('moves on when the position leaves it', () => {
    expect(followed(view, 79_900, 80_150, HOUR)).toEqual({ fromMs: 78_150, toMs: 98_150 });
    expect(followed(view, 70_000, 70_250, HOUR)).toBe(view);
  });

  it('comes along with a jump', () => {
    expect(followed(view, 70_000, 600_000, HOUR).fromMs).toBe(598_000);
    expect(followed(view, 600_000, 1_000, HOUR).fromMs).toBe(0);
  });

  it('stays where it was moved by hand while the recording plays elsewhere', () => {
    expect(followed(view, 10_000, 10_250, HOUR)).toBe(view);
  });
});

describe('a selection', () => {
  it('lies between two times in either order, within the recording', () => {
    expect(selectionOf(9_000, 4_000.4, 10_000)).toEqual({ fromMs: 4_000, toMs: 9_000 });
    expect(selectionOf(-50, 20_000, 10_000)).toEqual({ fromMs: 0, toMs: 10_000 });
  });

  it('is none where the pointer hardly moved', () => {
    expect(selectionOf(4_000, 4_049, 10_000)).toBeNull();
  });
});

const MINUTE = 60_000;

const made = () => {
  const playback = createPlayback();
  playback.seek(10_000);
  return { playback, wave: createWaveState() };
};

describe('the selection of the waveform', () => {
  it('grows from the position by keys, shrinks again, and goes over to the other side', () => {
    const { playback, wave } = made();
    const extend = (byMs: number) => {
      extendSelection(wave, playback, byMs, MINUTE);
      return wave.getState().selection;
    };
    expect(extend(600)).toEqual({ fromMs: 10_000, toMs: 10_600 });
    expect(extend(600)).toEqual({ fromMs: 10_000, toMs: 11_200 });
    expect(extend(-600)).toEqual({ fromMs: 10_000, toMs: 10_600 });
    expect(extend(-1_600)).toEqual({ fromMs: 9_000, toMs: 10_000 });
    expect(extend(-600)).toEqual({ fromMs: 8_400, toMs: 10_000 });
  });

  it('keeps its anchor while the recording plays on', () => {
    const { playback, wave } = made();
    extendSelection(wave, playback, 600, MINUTE);
    playback.seek(30_000);
    extendSelection(wave, playback, 600, MINUTE);
    expect(wave.getState().selection).toEqual({ fromMs: 10_000, toMs: 11_200 });
  });

  it('is repeated from its start, follows the selection, and ends with it', () => {
    const { playback, wave } = made();
    const loop = () => playback.store.getState().loop;
    toggleLoop(wave, playback);
    expect(loop()).toBeNull();
    select(wave, playback, { anchorMs: 20_000, headMs: 22_000 }, MINUTE);
    expect(loop()).toBeNull();
    toggleLoop(wave, playback);
    expect(loop()).toEqual({ fromMs: 20_000, toMs: 22_000 });
    expect(playback.nowMs()).toBe(20_000);
    select(wave, playback, { anchorMs: 20_000, headMs: 25_000 }, MINUTE);
    expect(loop()).toEqual({ fromMs: 20_000, toMs: 25_000 });
    // the first pixels of another drag
    select(wave, playback, { anchorMs: 30_000, headMs: 30_010 }, MINUTE);
    expect(wave.getState().selection).toBeNull();
    select(wave, playback, { anchorMs: 30_000, headMs: 31_000 }, MINUTE);
    expect(loop()).toEqual({ fromMs: 30_000, toMs: 31_000 });
    clearSelection(wave, playback);
    expect(loop()).toBeNull();
  });
});
