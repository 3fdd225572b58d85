import { AppError } from '@/lib/core';
import { type InstallManifest, parseInstallManifest } from './install-manifest';
import { readInstallManifestText, writeInstallManifestText } from './model-storage';

/** The part of `navigator.locks` used here. */
export type ModelLocks = Pick<LockManager, 'request'>;

/** Held while a manifest is read and written. The name is shared with older builds. */
const MANIFEST_LOCK = 'ai2text:model-marker:';

/** The install manifests of all models, which any tab may change at any time. */
export interface InstallManifestStore {
  /** `null` if there is none, or none that this build can read. @throws STORE_FAILED */
  read(id: string): Promise<InstallManifest | null>;
  /** Whether it is missing or damaged beyond repair. @throws STORE_FAILED */
  isUnreadable(id: string): Promise<boolean>;
  /**
   * Changes a manifest atomically across tabs.
   * @param change gets the stored manifest and returns the new one, or `null` to leave it
   * @throws STORE_QUOTA, STORE_FAILED
   */
  update(
    id: string,
    change: (manifest: InstallManifest | null) => InstallManifest | null,
  ): Promise<void>;
}

export function createInstallManifestStore(locks: ModelLocks): InstallManifestStore {
  const load = async (id: string) => {
    const text = await readInstallManifestText(id);
    return text === null ? null : parseInstallManifest(text);
  };
  return {
    async read(id) {
      const manifest = await load(id);
      return manifest === 'newer' ? null : manifest;
    },
    isUnreadable: async (id) => (await load(id)) === null,
    async update(id, change) {
      await locks.request(MANIFEST_LOCK + id, async () => {
        const manifest = await load(id);
        if (manifest === 'newer')
          throw new AppError('STORE_FAILED', `A newer build of the app keeps model "${id}".`);
        const changed = change(manifest);
        if (changed) await writeInstallManifestText(id, JSON.stringify(changed));
      });
    },
  };
}
