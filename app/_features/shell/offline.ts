/**
 * Lets the app open without a network after the first visit: the service worker, written by the
 * build, keeps the app's own files. Not in development, where files change under their names.
 */
export function registerServiceWorker(): void {
  // there is none over plain http on another machine's address
  if (process.env.NODE_ENV !== 'production' || !('serviceWorker' in navigator)) return;
  navigator.serviceWorker
    .register('/sw.js')
    .catch((error: unknown) => console.warn('The app will not open without a network', error));
}
