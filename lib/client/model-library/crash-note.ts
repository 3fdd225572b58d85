/**
 * A note of this tab, in its session storage. It is there while the large model is open and the page is
 * looked at; a page that ends in any usual way takes it away first.
 */
const KEY = 'ai2text:large-model-open';

let isOpen = false;

/** The large model is being opened: from here on an end without notice counts as a crash. */
export function markLargeModelOpen(): void {
  if (!isOpen) {
    addEventListener('pagehide', remove);
    // a page in the background may be ended by the system for reasons of its own
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') remove();
      else if (isOpen) write();
    });
  }
  isOpen = true;
  if (document.visibilityState === 'visible') write();
}

/** The large model is not open any more, or did not open. */
export function markLargeModelClosed(): void {
  isOpen = false;
  remove();
}

/**
 * Whether this tab was lost the last time while the large model was open: browsers end pages that take
 * too much memory, and to open it at once again would end this one too. Asked once; the note goes.
 */
export function crashedWithLargeModel(): boolean {
  try {
    const wasThere = sessionStorage.getItem(KEY) !== null;
    remove();
    return wasThere;
  } catch {
    return false; // there is no session storage: nothing was noted either
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
