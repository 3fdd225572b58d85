export { type SyncEvents, startSync, syncStore } from './start-sync';
