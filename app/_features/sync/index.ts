export { renameElsewhere, showOnOtherDevices } from './commands';
export { SyncSettings } from './sync-settings';
export { useElsewhere, useSync } from './use-sync';
export { WaitingLine } from './waiting-line';
