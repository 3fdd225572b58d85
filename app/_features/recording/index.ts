export { DeviceSelect, Enhancements } from './input-fields';
export { t } from './messages';
export { captureFacts } from './record-facts';
export { RecordPage } from './record-page';
export { useMicrophones, useRecording } from './use-recording';
