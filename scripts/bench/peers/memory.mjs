// What one engine holds after more and more windows.
import { openPeersPage } from './browser.mjs';

/** Windows after which memory is read. */
export const READ_AFTER = [1, 2, 5, 20];

/**
 * Runs windows one after the other in a browser of its own.
 * @returns MB above an empty page: held after each of `READ_AFTER`, the peak up to there, and the
 * bytes of WebAssembly memory and GPU buffers
 */
export async function measureMemory(url, side, setting) {
  const page = await openPeersPage(url);
  const worker = side === 'ours' ? `ours-${setting.backend}` : 'transformers';
  try {
    const emptyMb = await page.memory.heldMb();
    const readings = [];
    let done = 0;
    let peak = 0;
    for (const after of READ_AFTER) {
      const peakMb = await page.memory.peakMb(async () => {
        if (done === 0) await page.call(worker, 'load', setting);
        for (; done < after; done++) await page.call(worker, 'run', { first: done, count: 1 });
      });
      peak = Math.max(peak, peakMb - emptyMb);
      const bytes = await page.call(worker, 'held', {});
      readings.push({ after, heldMb: (await page.memory.heldMb()) - emptyMb, peakMb: peak, bytes });
    }
    return readings;
  } finally {
    await page.close();
  }
}
