import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';

/** A page of a tab: its own module, the tab's storage. */
async function page(visibilityState = 'visible') {
  vi.resetModules();
  const document = Object.assign(new EventTarget(), { visibilityState });
  const events = new EventTarget();
  vi.stubGlobal('document', document);
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
  return {
    ...(await import('./model-choice')),
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
  expect(before.crashedWithLargeModel()).toBe(false);
  before.markLargeModelOpen();
  const after = await page();
  expect(after.crashedWithLargeModel()).toBe(true);
  expect((await page()).crashedWithLargeModel()).toBe(false);
});

it('takes no page for lost that was closed, left in the background, or had let the model go', async () => {
  const closed = await page();
  closed.markLargeModelOpen();
  closed.hide();
  const hidden = await page();
  expect(hidden.crashedWithLargeModel()).toBe(false);
  hidden.markLargeModelOpen();
  hidden.show('hidden');
  const failed = await page();
  expect(failed.crashedWithLargeModel()).toBe(false);
  failed.markLargeModelOpen();
  failed.markLargeModelClosed();
  expect((await page()).crashedWithLargeModel()).toBe(false);
});

it('counts again once the page is visible again', async () => {
  const before = await page('hidden');
  before.markLargeModelOpen();
  before.show('visible');
  expect((await page()).crashedWithLargeModel()).toBe(true);
});
