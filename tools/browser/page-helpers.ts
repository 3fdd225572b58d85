import type { BrowserContext } from '@playwright/test';

declare global {
  /** In pages that tools drive: what a request to a database gives. */
  function requested<T>(request: IDBRequest<T>): Promise<T>;
}

/** Gives every page of a browser what the functions need that tools evaluate there. */
export async function addPageHelpers(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    Object.assign(globalThis, {
      requested: (request: IDBRequest) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        }),
      // tsx has esbuild keep the names of functions: it wraps each that has one in this
      __name: (value: unknown) => value,
    });
  });
}
