import { describe, expect, it } from 'vitest';
import { isWholeCopy, neededCopy, type PlayableFacts } from './playable';

const M4A: PlayableFacts = {
  frames: null,
  decoder: 'webcodecs',
  track: 0,
  notices: [],
  durationMs: 60_000,
  hasVideo: false,
  playerSeconds: 60.02,
};

describe('neededCopy', () => {
  it('plays a recording itself where the player is right about it', () => {
    expect(neededCopy(M4A)).toBeNull();
    // not transcribed to its end yet
    expect(neededCopy({ ...M4A, durationMs: null, playerSeconds: 500 })).toBeNull();
    // the picture continues
    expect(neededCopy({ ...M4A, hasVideo: true, playerSeconds: 70 })).toBeNull();
  });

  it.each([
    ['a bare MP3 stream', { frames: 'mp3' }, 'packets'],
    ['a bare AAC stream', { frames: 'adts' }, 'packets'],
    ['a second track', { track: 1 }, 'packets'],
    ['what the browser did not decode', { decoder: 'ffmpeg' }, 'sound'],
    ['MPEG audio that the browser did not decode', { frames: 'mp3', decoder: 'ffmpeg' }, 'sound'],
    [
      'gaps, which players play over',
      { notices: [{ kind: 'gap', atMs: 5, lengthMs: 9 }] },
      'sound',
    ],
    ['what the player cannot play', { playerSeconds: null }, 'packets'],
    ['a container without a length', { playerSeconds: Number.POSITIVE_INFINITY }, 'packets'],
    [
      'a film without a length',
      { hasVideo: true, playerSeconds: Number.POSITIVE_INFINITY },
      'packets',
    ],
    ['a player that would stop early', { playerSeconds: 30 }, 'packets'],
    ['a player that believes in a longer one', { playerSeconds: 62 }, 'packets'],
  ] satisfies [string, Partial<PlayableFacts>, 'packets' | 'sound'][])(
    'wants a copy of %s',
    (_name, facts, kind) => {
      expect(neededCopy({ ...M4A, ...facts })).toBe(kind);
    },
  );
});

describe('isWholeCopy', () => {
  it('refuses a copy that is shorter or longer than the text', () => {
    expect(isWholeCopy(60_040, 60_000)).toBe(true);
    expect(isWholeCopy(30_000, 60_000)).toBe(false);
    expect(isWholeCopy(90_000, 60_000)).toBe(false);
    expect(isWholeCopy(30_000, null)).toBe(true);
  });
});
