export type { CaptureChoice, CaptureReport, CaptureSource, Mark } from './capture-records';
export { type Change, onChange } from './changes';
export type { ContributionRecord, ContributionRefusal } from './contribution-record';
export {
  addContributions,
  listContributions,
  updateContribution,
} from './contributions';
export { ACCOUNT_KEY, currentAccount, currentLibrary, libraryNow } from './current-library';
export { onOutdated, runBeforeFirstUse } from './db';
export {
  getRecognised,
  listEdits,
  listTouched,
  redoEdit,
  type StoredEdit,
  storeEdit,
  storeTimes,
  undoEdit,
} from './edits';
export { storeFirstWords } from './first-words';
export { importTranscript } from './import-transcript';
export * as jobs from './jobs';
export {
  addJobs,
  getJob,
  listJobs,
  queueRecording,
  soundOf,
  trackSpeakerId,
  updateJob,
} from './jobs';
export { accountOf, libraryName, type TranscriptLibraryId } from './library';
export { type Locks, libraryLocks, platformLocks } from './locks';
export {
  adoptMedia,
  getMedia,
  keepMedia,
  mediaFile,
  playableFile,
  removeMedia,
  removePlayable,
} from './media';
export { mergeServerChanges } from './merge-server-changes';
export { moveLibrary } from './move-library';
export { listOutbox, readPendingSummary, removeFromOutbox } from './outbox';
export { getPlaybackPosition, savePlaybackPosition } from './playback-position';
export { askToPersist, hasQuotaFor, storageFacts } from './quota';
export {
  deleteRemoteTranscript,
  getRemoteTranscript,
  listRemoteTranscripts,
  renameRemoteTranscript,
  restoreRemoteTranscript,
  searchRemoteTranscripts,
} from './remote-transcripts';
export {
  libraryBytes,
  libraryContents,
  removeLibrary,
  type TranscriptLibraryContents,
} from './remove-library';
export type {
  JobError,
  JobRecord,
  JobStats,
  MediaState,
  PeaksRecord,
  PlayableRecord,
  RemoteTranscriptRecord,
  SecondPass,
  SegmentRecord,
  Settings,
  StoredChoice,
  TranscriptRecord,
  UnsentLive,
} from './schema';
export * as secondPass from './second-pass';
export { DEFAULT_SETTINGS, getSetting, setSetting } from './settings';
export { keepUnsentLive, listShareLinks, putShareLink, removeShareLink } from './share-links';
export {
  enterAccount,
  leaveAccount,
  setShownOnOtherDevices,
  startOver,
  withdrawFromServer,
} from './sync-state';
export { mayBeOfferedTo, prepareLibraries } from './take-over';
export { transcribeAgain } from './transcribe-again';
export * as transcripts from './transcripts';
export {
  getPeaks,
  getSegments,
  getTranscript,
  getWords,
  listTranscripts,
  readTranscript,
  removeTranscript,
  type SearchHit,
  searchTranscripts,
  setDeleted,
  updateTranscript,
} from './transcripts';
export { keepUnsavedEdits, takeUnsavedEdits, type UnsavedEdit } from './unsaved-edits';
export { parseVocabulary, type RefusedLine, writtenForms } from './vocabulary';
export {
  BESIDE_FORMATS,
  type BesideFormat,
  type WatchedFileRecord,
  type WatchedFolderRecord,
} from './watched-records';
export {
  getWatchedFolder,
  listWatchedFiles,
  putWatchedFile,
  putWatchedFolder,
  removeWatchedFolder,
} from './watched-store';
