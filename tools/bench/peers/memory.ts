// What one engine holds after more and more windows.
import { openPeersPage } from './browser';
import type { HeldBytes, Setting, Side } from './protocol';

/** What an engine holds after some windows, in MB above an empty page. */
export interface Reading {
  /** Windows so far. */
  after: number;
  heldMb: number;
  /** The most up to there. */
  peakMb: number;
  bytes: HeldBytes;
}

/** The worker that holds an engine. */
export const workerOf = (side: Side, { backend }: Pick<Setting, 'backend'>): string =>
  side === 'ours' ? `ours-${backend}` : 'transformers';

/**
 * Runs windows one after the other in a browser of its own.
 * @param readAfter numbers of windows
 */
export async function measureMemory(
  url: string,
  side: Side,
  setting: Setting,
  readAfter: readonly number[],
): Promise<Reading[]> {
  const page = await openPeersPage(url);
  const worker = workerOf(side, setting);
  try {
    const emptyMb = await page.heldMb();
    const readings: Reading[] = [];
    let done = 0;
    let peak = 0;
    for (const after of readAfter) {
      const peakMb = await page.peakMb(async () => {
        if (done === 0) await page.call(worker, 'load', setting);
        for (; done < after; done++) await page.call(worker, 'run', { first: done, count: 1 });
      });
      peak = Math.max(peak, peakMb - emptyMb);
      const bytes = await page.call(worker, 'held', {});
      readings.push({ after, heldMb: (await page.heldMb()) - emptyMb, peakMb: peak, bytes });
    }
    return readings;
  } finally {
    await page.close();
  }
}
