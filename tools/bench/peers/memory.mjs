// What one engine holds after more and more windows.
import { openPeersPage } from './browser.mjs';

/**
 * Runs windows one after the other in a browser of its own.
 * @param {number[]} readAfter numbers of windows
 * @returns MB above an empty page: held after each number of windows, and the peak up to there; and
 * the bytes of WebAssembly memory and GPU buffers
 */
export async function measureMemory(url, side, setting, readAfter) {
  const page = await openPeersPage(url);
  const worker = side === 'ours' ? `ours-${setting.backend}` : 'transformers';
  try {
    const emptyMb = await page.memory.heldMb();
    const readings = [];
    let done = 0;
    let peak = 0;
    for (const after of readAfter) {
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
