import { describe, expect, it } from 'vitest';
import { createPlayback } from './playback';
import { clearSelection, createWaveState, extendSelection, select, toggleLoop } from './wave-state';

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
