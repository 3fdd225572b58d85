export { renameRemote, showOnOtherDevices } from './commands';
export { SyncSettings, WaitingLine } from './sync-settings';
export { useRemoteTranscript, useSync, useUnsentLive } from './use-sync';
