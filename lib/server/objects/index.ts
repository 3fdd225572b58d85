import 'server-only';

export { objectStore } from './object-store';
export type { StoredObject } from './store';
