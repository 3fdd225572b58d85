export type { CaptureChoice, CaptureReport, CaptureSource, Mark } from './capture-records';
export { type Change, onChange } from './changes';
export { ACCOUNT_KEY, currentLibrary, libraryNow } from './current-library';
export { settleBeforeUse, whenOutdated } from './db';
export {
  deleteElsewhere,
  getElsewhere,
  listElsewhere,
  renameElsewhere,
  restoreElsewhere,
  searchElsewhere,
} from './elsewhere';
export { type StoredFirstWords, storeFirstWords } from './first-words';
export * as jobs from './jobs';
export {
  addJobs,
  type FinishedJob,
  getJob,
  listJobs,
  type NewJob,
  queueRecording,
  type StoredBatch,
  type TrackOfJob,
  updateJob,
} from './jobs';
export { accountOf, type LibraryId, libraryName } from './library';
export { type Locks, libraryLocks, platformLocks } from './locks';
export {
  adoptMedia,
  getMedia,
  keepMedia,
  playableFile,
  removeMedia,
  removePlayable,
} from './media';
export { mergeNews } from './merge-news';
export { moveLibrary } from './move-library';
export { dropWaiting, listOutbox, readWaiting } from './outbox';
export { getPlace, keepPlace } from './place';
export { askToPersist, hasRoomFor, storageFacts } from './quota';
export {
  type LibraryContents,
  libraryBytes,
  libraryContents,
  removeLibrary,
} from './remove-library';
export type {
  ElsewhereRecord,
  JobError,
  JobRecord,
  JobStats,
  MediaState,
  PeaksRecord,
  PlayableRecord,
  SecondPass,
  SegmentRecord,
  Settings,
  StoredChoice,
  TranscriptRecord,
} from './schema';
export * as secondPass from './second-pass';
export { DEFAULT_SETTINGS, getSetting, setSetting } from './settings';
export { listShareLinks, putShareLink, removeShareLink } from './share-links';
export {
  chooseShowing,
  enterAccount,
  leaveAccount,
  startOver,
  withdrawFromServer,
} from './sync-state';
export { mayBeOfferedTo, settleLibraries } from './take-over';
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
export { parseVocabulary, type RefusedLine } from './vocabulary';
