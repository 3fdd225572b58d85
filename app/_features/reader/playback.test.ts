import { describe, expect, it, vi } from 'vitest';
import { createPlayback, stepRate } from './playback';

/** As much of a media element as the player uses; the real one is tested end to end. */
class FakeMedia extends EventTarget {
  currentTime = 0;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  paused = true;
  error: object | null = null;
  play() {
    this.paused = false;
    this.dispatchEvent(new Event('play'));
    return Promise.resolve();
  }
  pause() {
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
  }
}

const attached = () => {
  const media = new FakeMedia();
  const playback = createPlayback();
  // the fake has the members that the player uses
  const detach = playback.attach(media as unknown as HTMLMediaElement);
  return { media, playback, detach };
};

describe('playback', () => {
  it('seeks to a word and starts playing there', () => {
    const { media, playback } = attached();
    playback.seek(12_345, { play: true });
    expect(media.currentTime).toBeCloseTo(12.345, 5);
    expect(playback.store.getState().playing).toBe(true);
    expect(playback.nowMs()).toBe(12_345);
  });

  it('never goes before the start', () => {
    const { media, playback } = attached();
    playback.skip(-5_000);
    expect(media.currentTime).toBe(0);
  });

  it('plays while it is held, each time from a little before', () => {
    const { media, playback } = attached();
    const hold = () => playback.hold(true, { resumeEarlierMs: 1_500 });
    hold();
    hold();
    expect(media.paused).toBe(false);
    media.currentTime = 10;
    playback.hold(false);
    playback.hold(false);
    expect(media.paused).toBe(true);
    hold();
    expect(media.currentTime).toBe(8.5);
    playback.hold(false);
    playback.seek(4_000);
    hold();
    expect(media.currentTime).toBe(4);
  });

  it('keeps place and speed over a change of element', () => {
    const { playback, detach } = attached();
    playback.seek(4_000);
    playback.setRate(1.5);
    detach();
    expect(playback.store.getState()).toMatchObject({ status: 'none', timeMs: 4_000 });
    const next = new FakeMedia();
    playback.attach(next as unknown as HTMLMediaElement);
    expect(next.currentTime).toBe(4);
    expect(next.playbackRate).toBe(1.5);
  });

  it('plays as soon as its recording is there if it was told to before, from where one is by then', () => {
    const playback = createPlayback();
    const { store } = playback;
    playback.setComing(true);
    playback.toggle();
    playback.skip(5_000);
    playback.setRate(1.5);
    expect(store.getState()).toMatchObject({ playing: false, willPlay: true });
    const media = new FakeMedia();
    playback.attach(media as unknown as HTMLMediaElement);
    playback.setComing(false);
    expect(media).toMatchObject({ paused: false, currentTime: 5, playbackRate: 1.5 });
    expect(store.getState()).toMatchObject({ status: 'ready', playing: true, willPlay: false });
  });

  it('plays the word that was pressed before its recording was there', () => {
    const playback = createPlayback();
    playback.setComing(true);
    playback.seek(2_000, { play: true });
    const media = new FakeMedia();
    playback.attach(media as unknown as HTMLMediaElement);
    expect(media).toMatchObject({ paused: false, currentTime: 2 });
  });

  it('waits for its recording no longer when it is told again, or the pedal is released', () => {
    const playback = createPlayback();
    playback.setComing(true);
    playback.toggle();
    playback.toggle();
    playback.hold(true);
    expect(playback.store.getState().willPlay).toBe(true);
    playback.hold(false);
    const media = new FakeMedia();
    playback.attach(media as unknown as HTMLMediaElement);
    expect(media.paused).toBe(true);
  });

  it('does not wait where there is no recording, nor for one that does not come after all', () => {
    const playback = createPlayback();
    const { store } = playback;
    playback.toggle();
    playback.seek(1_000, { play: true });
    expect(store.getState()).toMatchObject({ status: 'none', willPlay: false });
    playback.setComing(true);
    playback.toggle();
    playback.setComing(false);
    expect(store.getState()).toMatchObject({ status: 'none', willPlay: false });
  });

  it('is as before when the browser does not let it play without another press', async () => {
    const playback = createPlayback();
    playback.setComing(true);
    playback.toggle();
    const media = new FakeMedia();
    media.play = () => Promise.reject(new DOMException('A test wants it.', 'NotAllowedError'));
    playback.attach(media as unknown as HTMLMediaElement);
    await vi.waitFor(() => expect(playback.store.getState().willPlay).toBe(false));
    expect(playback.store.getState()).toMatchObject({ status: 'ready', playing: false });
  });

  it('says when the browser cannot play the recording', () => {
    const { media, playback } = attached();
    media.dispatchEvent(new Event('error'));
    expect(playback.store.getState().status).toBe('unplayable');
    playback.seek(7_000);
    media.currentTime = 0;
    expect(playback.nowMs()).toBe(7_000);
  });
});

describe('a loop', () => {
  const looping = (fromMs: number, toMs: number) => {
    vi.useFakeTimers();
    const all = attached();
    all.playback.setLoop({ fromMs, toMs });
    return all;
  };

  it('goes back to its start at its end, as fast as it is played', () => {
    const { media, playback } = looping(2_000, 3_000);
    playback.setRate(2);
    playback.seek(2_000, { play: true });
    media.currentTime = 2.99;
    vi.advanceTimersByTime(499);
    expect(media.currentTime).toBe(2.99);
    vi.advanceTimersByTime(1);
    expect(media.currentTime).toBe(2);
    vi.useRealTimers();
  });

  it('waits on where the sound is late', () => {
    const { media, playback } = looping(2_000, 3_000);
    playback.seek(2_000, { play: true });
    media.currentTime = 2.8;
    vi.advanceTimersByTime(1_000);
    expect(media.currentTime).toBe(2.8);
    media.currentTime = 3.01;
    vi.advanceTimersByTime(200);
    expect(media.currentTime).toBe(2);
    vi.useRealTimers();
  });

  it('leaves a position behind it alone, and ends when it is taken away', () => {
    const { media, playback } = looping(2_000, 3_000);
    playback.seek(5_000, { play: true });
    vi.advanceTimersByTime(10_000);
    expect(media.currentTime).toBe(5);
    playback.seek(2_500);
    playback.setLoop(null);
    media.currentTime = 3.2;
    vi.advanceTimersByTime(10_000);
    expect(media.currentTime).toBe(3.2);
    vi.useRealTimers();
  });

  it('repeats up to the end of the recording', () => {
    const { media, playback } = looping(2_000, 3_000);
    playback.seek(2_500, { play: true });
    media.currentTime = 3;
    media.paused = true;
    media.dispatchEvent(new Event('ended'));
    expect(media.currentTime).toBe(2);
    expect(playback.store.getState().playing).toBe(true);
    vi.useRealTimers();
  });
});

describe('stepRate', () => {
  it('stays within the speeds offered', () => {
    expect(stepRate(1, 1)).toBe(1.25);
    expect(stepRate(1, -1)).toBe(0.75);
    expect(stepRate(3, 1)).toBe(3);
    expect(stepRate(0.5, -1)).toBe(0.5);
    expect(stepRate(1.1, -1)).toBe(1);
  });
});
