/**
 * Keeps the screen on. Browsers release the lock while the page is hidden, so it is requested again whenever
 * the page becomes visible.
 * @returns lets the screen turn off again
 * @throws if the browser cannot, or refuses (low battery)
 */
export async function stayAwake(): Promise<() => void> {
  let lock: WakeLockSentinel | null = await navigator.wakeLock.request('screen');
  let over = false;
  const again = async () => {
    if (document.visibilityState !== 'visible' || over) return;
    try {
      const next = await navigator.wakeLock.request('screen');
      if (over) await next.release();
      else lock = next;
    } catch (error) {
      console.warn('The screen may turn off', error);
    }
  };
  document.addEventListener('visibilitychange', again);
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', again);
    lock?.release().catch((error: unknown) => console.warn('The screen stays on', error));
    lock = null;
  };
}
