export { canShareAudio, listMicrophones, type Microphone, onDevicesChanged } from './inputs';
export type {
  CaptureInput,
  InputTurn,
  LiveEngine,
  LiveParagraph,
  LiveWord,
  RecordingNotice,
  RecordingPhase,
  RecordingState,
  SecondEngine,
  SecondModel,
} from './ports';
export { NO_RECORDING, type Recording } from './recording';
export { brokenRecording, rememberRecording } from './recover';
export { createTabRecording, recordingSupport, startRecovery } from './tab-recording';
