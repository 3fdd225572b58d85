import { describe, expect, it } from 'vitest';
import { LIFETIME_S, newShareSchema, type ShareFacts } from '@/lib/contracts/shares';
import { AppError } from '@/lib/core/errors';
import { dayAhead, LAST_DAY, LIFETIMES, lifetimeOf, shareProblem, shareTexts } from './own-shares';

const NOW = new Date(2026, 10, 27, 10, 0, 0);

const FACTS: ShareFacts = {
  idHash: 'x'.repeat(43),
  kind: 'document',
  transcriptId: '6f2c1f0e-5b0f-4a53-9a50-0c6f6f2f7a11',
  hasPassword: false,
  audioBytes: 0,
  createdAt: '2026-11-01T10:00:00.000Z',
  expiresAt: '2026-12-01T10:00:00.000Z',
  isExpired: false,
  opens: 0,
  lastOpenedAt: null,
};

describe('how long a link lasts', () => {
  it('is what the server takes, for every choice that is offered', () => {
    const { lifetimeS } = newShareSchema.shape;
    for (const { value } of LIFETIMES.filter((one) => one.value !== 'date'))
      expect(lifetimeS.safeParse(lifetimeOf(value, '', NOW)).success).toBe(true);
    for (const days of [0, 1, LAST_DAY])
      expect(lifetimeS.safeParse(lifetimeOf('date', dayAhead(days, NOW), NOW)).success).toBe(true);
    expect(LIFETIMES.map(({ value }) => value)).toContain(String(LIFETIME_S.usual));
  });

  it('ends with the day that was chosen', () => {
    expect(lifetimeOf('date', '2026-11-27', NOW)).toBe(14 * 3600 - 1);
    expect(dayAhead(0, NOW)).toBe('2026-11-27');
    expect(dayAhead(4, NOW)).toBe('2026-12-01');
  });

  it('is nothing for a day that is not one, is over or is more than a year away', () => {
    for (const day of ['', '2026-11-26', '2026-02-31', 'soon', dayAhead(LAST_DAY + 3, NOW)])
      expect(lifetimeOf('date', day, NOW)).toBeNull();
    const lateAtNight = new Date(2026, 10, 27, 23, 30, 0);
    expect(lifetimeOf('date', '2026-11-27', lateAtNight)).toBeNull();
  });
});

describe('what is said of a link', () => {
  it('says whether and when it was opened', () => {
    expect(shareTexts(FACTS, 'en')).toContain('Not opened yet');
    const opened = { ...FACTS, opens: 2, lastOpenedAt: '2026-11-20T10:00:00.000Z' };
    expect(shareTexts(opened, 'en')[2]).toMatch(/^Opened 2 times, last Nov 20, 2026/);
    expect(shareTexts({ ...opened, opens: 1 }, 'en')[2]).toMatch(/^Opened 1 time, /);
  });

  it('distinguishes an expired link from one that still opens', () => {
    expect(shareTexts(FACTS, 'en')[1]).toMatch(/^Expires /);
    expect(shareTexts({ ...FACTS, isExpired: true }, 'en')[1]).toMatch(/^Expired /);
  });

  it('has words of its own where the usual ones would not help', () => {
    expect(shareProblem(new AppError('FORBIDDEN', ''))).toMatch(/200 links/);
    expect(shareProblem(new AppError('OFFLINE', ''))).toMatch(/no connection/);
    expect(shareProblem(new AppError('CONNECTION_SLOW', ''))).toMatch(/connection is too slow/);
  });
});
