import { AppError } from '@/lib/core';
import { type Marker, parseMarker } from './install-manifest';
import { readMarkerText, writeMarkerText } from './model-storage';

/** The part of `navigator.locks` used here. */
export type ModelLocks = Pick<LockManager, 'request'>;

/** Held for the moment in which a marker is read and written. */
const MARKER_LOCK = 'ai2text:model-marker:';

/** The markers of all models, which any tab may change at any time. */
export interface MarkerStore {
  /** `null`: there is none, or none that this build can read. @throws STORE_FAILED */
  read(id: string): Promise<Marker | null>;
  /** Whether no build will read it: none there, or damaged beyond repair. @throws STORE_FAILED */
  isUnreadable(id: string): Promise<boolean>;
  /**
   * Changes a marker; no other tab's change comes in between.
   * @param change gets what is stored; gives back what is to be, or `null` to leave it
   * @throws STORE_QUOTA, STORE_FAILED
   */
  update(id: string, change: (marker: Marker | null) => Marker | null): Promise<void>;
}

export function createMarkerStore(locks: ModelLocks): MarkerStore {
  const load = async (id: string) => {
    const text = await readMarkerText(id);
    return text === null ? null : parseMarker(text);
  };
  return {
    async read(id) {
      const marker = await load(id);
      return marker === 'newer' ? null : marker;
    },
    isUnreadable: async (id) => (await load(id)) === null,
    async update(id, change) {
      await locks.request(MARKER_LOCK + id, async () => {
        const marker = await load(id);
        if (marker === 'newer')
          throw new AppError('STORE_FAILED', `A newer build of the app keeps model "${id}".`);
        const changed = change(marker);
        if (changed) await writeMarkerText(id, JSON.stringify(changed));
      });
    },
  };
}
