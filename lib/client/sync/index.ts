export { type SyncEvents, startSync } from './start-sync';
export { syncStore } from './sync-state';
