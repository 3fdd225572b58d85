export { DeviceSelect, Enhancements } from './input-fields';
export { t } from './messages';
export { captureFacts, markName } from './record-facts';
export { RecordPage } from './record-page';
export { useMicrophones, useRecording } from './use-recording';
