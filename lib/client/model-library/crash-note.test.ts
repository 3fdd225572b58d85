import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';

/** A page of a tab: its own module, the tab's storage. */
async function page(visibilityState = 'visible') {
  vi.resetModules();
  const document = Object.assign(new EventTarget(), { visibilityState });
  const events = new EventTarget();
  vi.stubGlobal('document', document);
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
  return {
    ...(await import('./crash-note')),
    hide: () => events.dispatchEvent(new Event('pagehide')),
    show: (state: string) => {
      document.visibilityState = state;
      document.dispatchEvent(new Event('visibilitychange'));
    },
  };
}

beforeEach(() => {
  const stored = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
  onTestFinished(() => void vi.unstubAllGlobals());
});

it('knows that the page before was lost with the large model open, and says so once', async () => {
  const before = await page();
  expect(before.wasLostWithLargeModel()).toBe(false);
  before.noteLargeModel();
  const after = await page();
  expect(after.wasLostWithLargeModel()).toBe(true);
  expect((await page()).wasLostWithLargeModel()).toBe(false);
});

it('takes no page for lost that was closed, left in the background, or had let the model go', async () => {
  const closed = await page();
  closed.noteLargeModel();
  closed.hide();
  const hidden = await page();
  expect(hidden.wasLostWithLargeModel()).toBe(false);
  hidden.noteLargeModel();
  hidden.show('hidden');
  const failed = await page();
  expect(failed.wasLostWithLargeModel()).toBe(false);
  failed.noteLargeModel();
  failed.forgetLargeModel();
  expect((await page()).wasLostWithLargeModel()).toBe(false);
});

it('counts again once the page is looked at again', async () => {
  const before = await page('hidden');
  before.noteLargeModel();
  before.show('visible');
  expect((await page()).wasLostWithLargeModel()).toBe(true);
});
