export { listMicrophones, type Microphone, onDevicesChanged } from './inputs';
export type { LiveEngine, SecondEngine } from './ports';
export { NO_RECORDING, type Recording } from './recording';
export { brokenRecording, rememberRecording } from './recover';
export { createTabRecording, recordingSupport, startRecovery } from './tab-recording';
export type {
  CaptureInput,
  InputTurn,
  LiveParagraph,
  LiveWord,
  RecordingNotice,
  RecordingPhase,
  RecordingState,
  SecondModel,
} from './types';
