import { beforeAll, expect, test } from 'vitest';
import { isPrivateSession, keepChoice, setPrivateSession } from '@/lib/core';

const native = indexedDB;

/** What the browser itself has stored for this page's origin. */
async function stored() {
  const root = await navigator.storage.getDirectory();
  const files: string[] = [];
  for await (const name of root.keys()) files.push(name);
  const databases = (await native.databases()).map(({ name }) => name);
  return { files, databases, local: { ...localStorage } };
}

beforeAll(() => {
  // decided at the first look, as when a page loads; other files share this tab
  setPrivateSession(true);
  expect(isPrivateSession()).toBe(true);
  setPrivateSession(false);
});

test('a private session keeps settings, jobs and recordings in memory', async () => {
  const store = await import('@/lib/client/store');
  const before = await stored();
  await store.setSetting('playbackRate', 2);
  expect(await store.getSetting('playbackRate')).toBe(2);
  const recording = new File(['sound'], 'speech.wav');
  await store.keepMedia('one', recording, new AbortController().signal);
  expect(await store.getMedia('one')).toBe(recording);
  await store.removeMedia('one');
  expect(await store.getMedia('one')).toBeNull();
  keepChoice('ai2text:theme', 'dark');
  expect(await store.askToPersist()).toBe(false);
  expect(await stored()).toEqual(before);
});

test('its library is not an account’s, and stays the same while the page is open', async () => {
  const store = await import('@/lib/client/store');
  const library = store.currentLibrary();
  expect(store.libraryNow()).toBe(library);
  expect(store.currentAccount()).toBeNull();
  expect(store.accountOf(store.libraryName(library))).toBeNull();
});
