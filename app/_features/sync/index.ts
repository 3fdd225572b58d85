export { SyncSettings, WaitingLine } from './sync-settings';
export {
  renameRemote,
  showOnOtherDevices,
  useRemoteTranscript,
  useSync,
  useUnsentLive,
} from './use-sync';
