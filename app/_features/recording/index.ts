export { DeviceSelect, Enhancements } from './input-fields';
export { t } from './messages';
export { RecordPage } from './record-page';
export { captureFacts, useMicrophones, useRecording } from './use-recording';
