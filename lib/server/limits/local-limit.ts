import 'server-only';
import { onceInProcess } from '@/lib/server/process';
import type { Limit } from './rate-limit';

interface Count {
  times: number;
  resetsMs: number;
}

/** Beyond so many counts those whose window is over are dropped, and then the oldest. */
const MAX_COUNTS = 10_000;

/**
 * Counts one try in this process alone: for what must work without a database.
 * @returns `null`, or after how many seconds it may be tried again
 */
export function localHit(key: string, { max, windowS }: Limit, nowMs = Date.now()): number | null {
  const counts = onceInProcess('local-limit', () => new Map<string, Count>());
  const kept = counts.get(key);
  const count =
    kept && kept.resetsMs > nowMs ? kept : { times: 0, resetsMs: nowMs + windowS * 1000 };
  count.times += 1;
  // the map keeps the order in which windows began
  if (count !== kept) counts.delete(key);
  counts.set(key, count);
  if (counts.size > MAX_COUNTS) makeRoom(counts, nowMs);
  return count.times > max ? Math.max(1, Math.ceil((count.resetsMs - nowMs) / 1000)) : null;
}

function makeRoom(counts: Map<string, Count>, nowMs: number): void {
  for (const [key, { resetsMs }] of counts) if (resetsMs <= nowMs) counts.delete(key);
  for (const key of counts.keys()) {
    if (counts.size <= MAX_COUNTS) return;
    counts.delete(key);
  }
}
