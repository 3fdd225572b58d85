export { renameElsewhere, showOnOtherDevices } from './commands';
export { SyncSettings, WaitingLine } from './sync-settings';
export { useElsewhere, useSync, useUnsentLive } from './use-sync';
