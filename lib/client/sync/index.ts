export { type SyncEvents, startSync } from './start-sync';
export { syncStore, waitingText } from './sync-state';
