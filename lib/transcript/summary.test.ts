import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAnswered, CLOCK_AHEAD_MS, clamped, isCovered, merge, withoutTraces } from './summary';
import { anySummary, summaryOf } from './test-summaries';

describe('merging what two devices know of a transcript', () => {
  it('gives the same result whichever is merged first', () => {
    fc.assert(
      fc.property(anySummary, anySummary, (a, b) => {
        expect(merge(a, b)).toEqual(merge(b, a));
      }),
    );
  });

  it('comes to the same however several are put together', () => {
    fc.assert(
      fc.property(anySummary, anySummary, anySummary, (a, b, c) => {
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      }),
    );
  });

  it('changes nothing when the same is merged again', () => {
    fc.assert(
      fc.property(anySummary, anySummary, (a, b) => {
        const merged = merge(a, b);
        expect(merge(merged, a)).toEqual(merged);
        expect(merge(a, a)).toEqual(a);
      }),
    );
  });

  it('leaves what it is given as it was', () => {
    const a = summaryOf({ title: 'old' });
    const b = summaryOf({ title: 'new' }, 2_000);
    merge(a, b);
    expect(a).toEqual(summaryOf({ title: 'old' }));
  });

  it('keeps changes of different fields made on different devices', () => {
    const base = summaryOf();
    const renamed = { ...base, title: 'Board', fieldTimes: { ...base.fieldTimes, title: 2_000 } };
    const tagged = { ...base, tags: ['work'], fieldTimes: { ...base.fieldTimes, tags: 3_000 } };
    expect(merge(renamed, tagged)).toMatchObject({ title: 'Board', tags: ['work'] });
  });

  it('lets the later name win', () => {
    const early = summaryOf({ title: 'zebra' }, 2_000);
    const late = summaryOf({ title: 'ant' }, 2_001);
    expect(merge(early, late).title).toBe('ant');
    expect(merge(late, early).title).toBe('ant');
  });

  it('keeps a deleted one deleted when another device renames it afterwards', () => {
    const deleted = summaryOf({ deleted: true, fieldTimes: times({ deleted: 5_000 }) });
    const renamed = summaryOf({ title: 'later' }, 9_000);
    expect(merge(deleted, renamed)).toMatchObject({ deleted: true });
  });

  it('brings a deleted one back when that was undone later, and not when earlier', () => {
    const deleted = summaryOf({ deleted: true, fieldTimes: times({ deleted: 5_000 }) });
    const undone = summaryOf({ fieldTimes: times({ deleted: 5_001 }) });
    expect(merge(deleted, undone).deleted).toBe(false);
    expect(merge(deleted, summaryOf({ fieldTimes: times({ deleted: 4_999 }) })).deleted).toBe(true);
    // at the same moment deleting wins
    expect(merge(deleted, summaryOf({ fieldTimes: times({ deleted: 5_000 }) })).deleted).toBe(true);
  });

  it('takes a clock that is ahead no further than two minutes', () => {
    const now = 1_000_000;
    expect(clamped(times({ title: Number.MAX_SAFE_INTEGER }), now)).toEqual(
      times({ title: now + CLOCK_AHEAD_MS }),
    );
  });
});

describe('what is left of a deleted summary', () => {
  const deleted = summaryOf({
    title: 'secret plan',
    tags: ['secret'],
    deleted: true,
    fieldTimes: times({ deleted: 5_000 }),
  });

  it('is nothing that the user wrote', () => {
    expect(JSON.stringify(withoutTraces(deleted))).not.toMatch(/secret/);
    expect(withoutTraces(deleted)).toMatchObject({ deleted: true, language: 'und' });
  });

  it('takes all fields of the device that undoes it', () => {
    const undone = summaryOf({ title: 'plan', fieldTimes: times({ deleted: 6_000 }) });
    expect(merge(withoutTraces(deleted), undone)).toEqual(undone);
  });

  it('is not sent again by the device that deleted it', () => {
    expect(isCovered(deleted, withoutTraces(deleted))).toBe(true);
  });
});

describe('whether something has to be sent', () => {
  it('says no once the server has merged it', () => {
    fc.assert(
      fc.property(anySummary, anySummary, (here, server) => {
        const merged = merge(here, server);
        expect(isCovered(merged, withoutTraces(merged))).toBe(true);
      }),
    );
  });

  it('says yes exactly when the server would change by it', () => {
    fc.assert(
      fc.property(anySummary, anySummary, (a, b) => {
        const server = withoutTraces({ ...b, createdAt: a.createdAt });
        const here = merge(a, server);
        const after = withoutTraces(merge(server, here));
        expect(isCovered(here, server)).toBe(JSON.stringify(after) === JSON.stringify(server));
      }),
    );
  });
});

describe('after the server answered', () => {
  it('nothing is left to send, whatever the clocks of both say', () => {
    fc.assert(
      fc.property(anySummary, anySummary, fc.integer({ min: 0, max: 4 }), (here, other, cut) => {
        const before = withoutTraces({ ...other, createdAt: here.createdAt });
        // a server whose clock lets no later time pass
        const fieldTimes = clamped(here.fieldTimes, cut - CLOCK_AHEAD_MS);
        const server = withoutTraces(merge(before, { ...here, fieldTimes }));
        const settled = merge(asAnswered(here, server), server);
        expect(isCovered(settled, server)).toBe(true);
        expect(settled.deleted).toBe(server.deleted);
        if (!server.deleted) expect(settled).toEqual(server);
      }),
    );
  });
});

function times(change: Partial<ReturnType<typeof summaryOf>['fieldTimes']>) {
  return { ...summaryOf().fieldTimes, ...change };
}
