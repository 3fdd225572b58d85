/**
 * Keeps the screen on. Browsers let it go off while the page is hidden and forget the wish: it is
 * told again whenever the page is seen.
 * @returns lets the screen go off again
 * @throws where the browser cannot, or does not want to (low battery)
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
      console.warn('The screen may go off', error);
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
