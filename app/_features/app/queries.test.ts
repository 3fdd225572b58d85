import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Change } from '@/lib/client/store/changes';
import {
  batchChanges,
  createQueryClient,
  invalidateFor,
  queryKeys,
  ROWS_PER_PAGE,
} from './queries';

const segments: Change = { kind: 'segments', id: 'a' };

describe('batchChanges', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('passes the first change on immediately and merges those that follow', () => {
    const apply = vi.fn();
    const batch = batchChanges(apply, 1000);
    batch.add(segments);
    expect(apply).toHaveBeenCalledTimes(1);
    for (let at = 0; at < 5; at += 1) batch.add(segments);
    expect(apply).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    expect(apply).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(5000);
    expect(apply).toHaveBeenCalledTimes(2);
  });

  it('keeps changes of other kinds and transcripts apart', () => {
    const apply = vi.fn();
    const batch = batchChanges(apply, 1000);
    batch.add(segments);
    batch.add({ kind: 'segments', id: 'b' });
    batch.add({ kind: 'transcripts', id: 'a' });
    expect(apply).toHaveBeenCalledTimes(3);
  });

  it('hands nothing on once it is disposed', () => {
    const apply = vi.fn();
    const batch = batchChanges(apply, 1000);
    batch.add(segments);
    batch.add(segments);
    batch.dispose();
    vi.advanceTimersByTime(5000);
    expect(apply).toHaveBeenCalledTimes(1);
  });
});

describe('words of a transcript that grows', () => {
  it('are read again until every row that batches bring is there, whatever edits have added', () => {
    const client = createQueryClient();
    const indexes = Array.from({ length: ROWS_PER_PAGE - 1 }, (_, at) => at);
    const put = (page: number, keys: number[]) =>
      client.setQueryData(queryKeys.words('a', page), new Map(keys.map((index) => [index, []])));
    put(0, [...indexes, 0.5, 1.5]);
    put(
      1,
      [...indexes, ROWS_PER_PAGE - 1].map((index) => index + ROWS_PER_PAGE),
    );
    invalidateFor(client, segments);
    const isStale = (page: number) =>
      client.getQueryState(queryKeys.words('a', page))?.isInvalidated;
    expect([isStale(0), isStale(1)]).toEqual([true, false]);
  });
});
