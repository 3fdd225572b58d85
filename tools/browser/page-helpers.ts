import type { BrowserContext } from '@playwright/test';

declare global {
  /** In pages that tools drive: what a request to a database gives. */
  function requested<T>(request: IDBRequest<T>): Promise<T>;
}

/** Runs in the page. */
function install(): void {
  Object.assign(globalThis, {
    requested: (request: IDBRequest) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      }),
  });
}

/**
 * Gives every page of a browser what the functions need that tools evaluate there: `requested`, and the
 * function in which tsx has esbuild wrap each one that has a name.
 */
export async function addPageHelpers(context: BrowserContext): Promise<void> {
  await context.addInitScript({
    content: `globalThis.__name = (value) => value; (${install})();`,
  });
}
