import { describe, expect, it, vi } from 'vitest';
import { createPlayback } from './playback';
import { followPlace } from './use-stored-choices';

const follow = (stored: number | null, playback = createPlayback()) => {
  const keep = vi.fn<(placeMs: number) => void>();
  const read = vi.fn(async () => stored);
  const page = new EventTarget();
  const stop = followPlace(playback, { read, keep }, page);
  return { playback, keep, page, stop, settled: () => read.mock.results[0]?.value };
};

describe('the place in a recording', () => {
  it('is gone back to', async () => {
    const { playback, keep, stop, settled } = follow(83_000);
    await settled();
    expect(playback.store.getState().timeMs).toBe(83_000);
    stop();
    // nothing has changed
    expect(keep).not.toHaveBeenCalled();
  });

  it('stays where the address or the reader has put it', async () => {
    const playback = createPlayback();
    playback.seek(5_000);
    const { settled } = follow(83_000, playback);
    await settled();
    expect(playback.store.getState().timeMs).toBe(5_000);
  });

  it('is kept while it plays, at a pause, when the page goes and at the end', async () => {
    const { playback, keep, page, stop, settled } = follow(null);
    await settled();
    const { store } = playback;
    store.setState({ playing: true, timeMs: 1_000 });
    expect(keep).not.toHaveBeenCalled();
    store.setState({ timeMs: 6_000 });
    expect(keep).toHaveBeenLastCalledWith(6_000);
    store.setState({ timeMs: 7_000 });
    store.setState({ playing: false });
    expect(keep).toHaveBeenLastCalledWith(7_000);
    store.setState({ timeMs: 8_000 });
    page.dispatchEvent(new Event('pagehide'));
    expect(keep).toHaveBeenLastCalledWith(8_000);
    store.setState({ timeMs: 9_000 });
    stop();
    expect(keep).toHaveBeenLastCalledWith(9_000);
    expect(keep).toHaveBeenCalledTimes(4);
  });

  it('is not gone to by a page that was left meanwhile', async () => {
    const { playback, stop, settled } = follow(83_000);
    stop();
    await settled();
    expect(playback.store.getState().timeMs).toBe(0);
  });
});
