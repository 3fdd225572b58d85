import { describe, expect, it } from 'vitest';
import { type Follow, isFollowing, nextFollow } from './reader-state';

const following: Follow = { enabled: true, suspended: false };

describe('following along', () => {
  it('stops when the user scrolls and resumes when they go back', () => {
    const away = nextFollow(following, 'scrolled');
    expect(isFollowing(away)).toBe(false);
    expect(isFollowing(nextFollow(away, 'returned'))).toBe(true);
  });

  it('resumes when a word is pressed', () => {
    expect(isFollowing(nextFollow(nextFollow(following, 'scrolled'), 'sought'))).toBe(true);
  });

  it('does not begin by itself when it was switched off', () => {
    const off = nextFollow(following, 'disable');
    for (const event of ['scrolled', 'returned', 'sought'] as const)
      expect(isFollowing(nextFollow(off, event))).toBe(false);
    expect(isFollowing(nextFollow(off, 'enable'))).toBe(true);
  });

  it('keeps the same object when nothing changes, so that nothing is drawn again', () => {
    expect(nextFollow(following, 'sought')).toBe(following);
    const away = nextFollow(following, 'scrolled');
    expect(nextFollow(away, 'scrolled')).toBe(away);
  });
});
