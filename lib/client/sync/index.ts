export { retryDelayMs, type SyncEvents, shouldRetry, startSync, syncStore } from './start-sync';
