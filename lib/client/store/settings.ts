import { announce } from './changes';
import { storing, storingIn } from './db';
import type { TranscriptLibraryId } from './library';
import type { Settings } from './schema';
import { OF_DEVICE, settingOf, settingSchemas } from './setting-values';
import { dropValue, keptValue, storeKept } from './unsaved';

/** Settings that are typed: the page may be left before they are stored. */
const TYPED: ReadonlySet<keyof Settings> = new Set(['vocabulary']);

const keptName = (name: string) => `setting:${name}`;

/** One setting, or its default if unset or unreadable. */
export async function getSetting<K extends keyof Settings>(name: K): Promise<Settings[K]> {
  const left = settingSchemas[name].safeParse(
    TYPED.has(name) ? keptValue(keptName(name)) : undefined,
  );
  if (left.success) {
    // it stays kept if it cannot be stored
    await setSetting(name, left.data).catch((error: unknown) =>
      console.warn('What an earlier page kept of a setting was not stored', error),
    );
    return left.data;
  }
  return settingOf(name, await inPlace(name)((db) => db.get('settings', name)));
}

/** The settings that pages of a library did not get to store. */
export function keptSettings(
  library: TranscriptLibraryId,
): { name: keyof Settings; value: unknown }[] {
  return [...TYPED].flatMap((name) => {
    const left = settingSchemas[name].safeParse(keptValue(keptName(name), library));
    return left.success ? [{ name, value: left.data }] : [];
  });
}

/** Drops a setting that was kept in a library and is stored elsewhere. */
export const dropKeptSetting = (name: string, library: TranscriptLibraryId): void =>
  dropValue(keptName(name), library);

/** Runs a storage step on the library that holds a setting. */
function inPlace(name: keyof Settings): typeof storing {
  return OF_DEVICE.has(name) ? (step) => storingIn(null, step) : storing;
}

/** Stores one setting and notifies every tab. */
export async function setSetting<K extends keyof Settings>(
  name: K,
  value: Settings[K],
): Promise<void> {
  const store = () =>
    inPlace(name)(async (db) => {
      const tx = db.transaction('settings', 'readwrite');
      const put = tx.store.put({ name, value });
      // a page that goes away ends no transaction by itself
      tx.commit();
      await Promise.all([put, tx.done]);
    });
  await (TYPED.has(name) ? storeKept(keptName(name), value, store) : store());
  announce('settings', name);
}
