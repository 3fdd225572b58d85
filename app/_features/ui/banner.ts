import { createStore } from 'zustand/vanilla';

/** What stops the whole page from working: another tab's old database, or a newer build. */
export type Banner = 'store-blocked' | 'outdated';

/** The banner above the page; `null` while all is well. */
export const bannerStore = createStore<{ banner: Banner | null }>(() => ({ banner: null }));

/** Shows a banner. `outdated` is never replaced: only a reload helps then. */
export function showBanner(banner: Banner): void {
  bannerStore.setState((state) => (state.banner === 'outdated' ? state : { banner }));
}

/** Takes the banner for a blocked database away, once it could be read. */
export function clearBlocked(): void {
  bannerStore.setState((state) => (state.banner === 'store-blocked' ? { banner: null } : state));
}
