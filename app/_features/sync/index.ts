export { SyncSettings, WaitingLine } from './sync-settings';
export {
  showOnOtherDevices,
  useRemoteTranscript,
  useSync,
  useUnsentLive,
} from './use-sync';
