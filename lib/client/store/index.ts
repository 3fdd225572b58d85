export type { CaptureChoice, CaptureReport, CaptureSource, Mark } from './capture-records';
export { type Change, onChange } from './changes';
export {
  addContributions,
  type ContributionRecord,
  type ContributionRefusal,
  listContributions,
  updateContribution,
} from './contributions';
export {
  ACCOUNT_KEY,
  currentAccount,
  currentLibrary,
  type Locks,
  libraryLocks,
  libraryNow,
  platformLocks,
} from './current-library';
export { onOutdated, runBeforeFirstUse } from './db';
export {
  getRecognised,
  listEdits,
  listTouched,
  storeTimes,
} from './edits';
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
export {
  adoptMedia,
  askToPersist,
  getMedia,
  hasQuotaFor,
  keepMedia,
  mediaFile,
  playableFile,
  removeMedia,
  removePlayable,
  storageFacts,
} from './media';
export { moveLibrary } from './move-library';
export { setMarkLabel, setTitle, storeKeptNames } from './names';
export { listOutbox, readPendingSummary, removeFromOutbox } from './outbox';
export {
  deleteRemoteTranscript,
  getRemoteTranscript,
  listRemoteTranscripts,
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
export { storeFirstWords } from './second-pass';
export { DEFAULT_SETTINGS } from './setting-values';
export { getSetting, setSetting } from './settings';
export { keepUnsentLive, listShareLinks, putShareLink, removeShareLink } from './share-links';
export {
  enterAccount,
  leaveAccount,
  mergeServerChanges,
  setShownOnOtherDevices,
  startOver,
  withdrawFromServer,
} from './sync-state';
export { mayBeOfferedTo, prepareLibraries } from './take-over';
export { transcribeAgain } from './transcribe-again';
export * as transcripts from './transcripts';
export {
  getPeaks,
  getPlaybackPosition,
  getSegments,
  getTranscript,
  getWords,
  listTranscripts,
  readTranscript,
  removeTranscript,
  type SearchHit,
  savePlaybackPosition,
  searchTranscripts,
  setDeleted,
  updateTranscript,
} from './transcripts';
export { dropStep, keepStep, keptSteps, newToken, type Step, storeStep } from './unsaved-steps';
export {
  parseVocabulary,
  type RefusedLine,
  type VocabularyProblem,
  writtenForms,
} from './vocabulary';
export {
  BESIDE_FORMATS,
  type BesideFormat,
  getWatchedFolder,
  listWatchedFiles,
  putWatchedFile,
  putWatchedFolder,
  removeWatchedFolder,
  type WatchedFileRecord,
  type WatchedFolderRecord,
} from './watched-store';
