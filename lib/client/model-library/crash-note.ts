/**
 * A key in this tab's session storage. It is set while the large model is loaded and the page is visible; a
 * page that ends normally removes it first.
 */
const KEY = 'ai2text:large-model-open';

let isOpen = false;

/** The large model is being loaded: from now on an abrupt end of the page counts as a crash. */
export function markLargeModelOpen(): void {
  if (!isOpen) {
    addEventListener('pagehide', remove);
    // the system may discard a background page for other reasons
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') remove();
      else if (isOpen) write();
    });
  }
  isOpen = true;
  if (document.visibilityState === 'visible') write();
}

/** The large model is no longer loaded, or could not be loaded. */
export function markLargeModelClosed(): void {
  isOpen = false;
  remove();
}

/**
 * Whether this tab crashed while the large model was loaded: browsers kill pages that use too much memory, and
 * loading it again at once would kill this one too. Clears the key, so it is true only once.
 */
export function crashedWithLargeModel(): boolean {
  try {
    const wasThere = sessionStorage.getItem(KEY) !== null;
    remove();
    return wasThere;
  } catch {
    return false; // without session storage the key was never set
  }
}

function write(): void {
  try {
    sessionStorage.setItem(KEY, '1');
  } catch (error) {
    console.warn('A crash of this page would not be noticed', error);
  }
}

function remove(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch (error) {
    console.warn('The note of the large model stays', error);
  }
}
