import type { DBSchema } from 'idb';
import type { ErrorCode } from '@/lib/core';
import type { BackendChoice, IntegerProducts, NumberStyle } from '@/lib/engine';
import type {
  AudioTrackChoice,
  AudioTrackInfo,
  DecodeNotice,
  MediaInfo,
  TrackIndex,
} from '@/lib/engine/audio';
import type { Interleaving, JobOptions, TrackPoint } from '@/lib/engine/pipeline';
import type { SegmenterCheckpoint } from '@/lib/engine/vad';
import type { ExportOptions, FormatId } from '@/lib/export';
import type { OwnerKey } from '@/lib/sealing';
import type {
  EditKind,
  EditPatch,
  FieldTimes,
  ModelInfo,
  Row,
  SourceInfo,
  Speaker,
  TranscriptSegment,
  TranscriptSummary,
  Word,
} from '@/lib/transcript';
import type { CaptureChoice, CaptureReport, Mark } from './capture-records';
import type { ContributionRecord } from './contributions';
import type { TranscriptLibraryId } from './library';
import type { WatchedFileRecord, WatchedFolderRecord } from './watched-store';

/** Raised with every change of the stores; `migrate.ts` has a step for each. */
export const DATABASE_VERSION = 5;

/**
 * Where the original recording is: `kept` in OPFS, `copying` into it, `none`, or still `recording` (its
 * file is then in the recordings folder, not yet in the media folder).
 */
export type MediaState = 'recording' | 'copying' | 'kept' | 'none';

/**
 * A copy of a stored recording that browsers play exactly, beside it in OPFS. Made at playback if the
 * recording itself would not play in sync with its transcript. It is complete if its size is this one.
 */
export interface PlayableRecord {
  /** Version of the way in which it was made: an older copy is made again. */
  version: number;
  /** The audio track in it. */
  track: TrackIndex;
  mediaType: string;
  sizeBytes: number;
  hasVideo: boolean;
}

/** A better model is replacing, or is to replace, the words of `model`. */
export interface SecondPass {
  modelId: string;
  /** Speech that begins before this was written by the better model, in ms; the rest by `model`. */
  untilMs: number;
  /** BCP 47, as the better model found it; `null`: not yet. */
  language: string | null;
  /** It does not resume by itself: it failed, or (without a problem) the user stopped it. */
  stopped: { problem: JobError | null } | null;
}

/** A transcript without its words. */
export interface TranscriptRecord {
  id: string;
  title: string;
  /** BCP 47. */
  language: string;
  /** ISO 8601, as is `updatedAt`. */
  createdAt: string;
  updatedAt: string;
  durationMs: number;
  source: SourceInfo;
  /** `null` until the recogniser is ready. */
  model: ModelInfo | null;
  /** Missing: all words are those of `model`. */
  secondPass?: SecondPass;
  /** `partial` while its job has not come to the end. */
  state: 'partial' | 'complete';
  wordCount: number;
  media: MediaState;
  hasVideo: boolean;
  notices: DecodeNotice[];
  /** The audio track that was transcribed. Older builds stored none. */
  audioTrack?: AudioTrackChoice;
  /** All audio tracks of the recording, in its order; missing where there is one. */
  audioTracks?: AudioTrackInfo[];
  /** Each audio track is a speaker, and all are transcribed: there is no `audioTrack`. */
  isTrackPerSpeaker?: true;
  playable?: PlayableRecord;
  /** Playback position where the user stopped, in ms; missing: at the start, or at the end. */
  placeMs?: number;
  /** Bookmarks, set while it was recorded or later, in order. */
  marks?: Mark[];
  /** How well the audio was captured, if it was recorded here. */
  capture?: CaptureReport;
  /** Set by delete, cleared by undo; if it stays set, the transcript is removed permanently later. */
  deletedAt: string | null;
  /** When each shared field was last written, in ms since 1970; missing: at creation. */
  fieldTimes?: Partial<FieldTimes>;
  tags?: string[];
  /** Missing: none were named. */
  speakers?: Speaker[];
  /**
   * How many edits there are, and how many of them are not undone. Missing: it was never edited.
   * `heldUntilMs`: of a pass, up to where edits of its last batch reach; infinite: all of the text stays.
   * `recent`: the tokens of what was stored last. Older builds stored none.
   */
  edits?: { done: number; total: number; heldUntilMs?: number; recent?: string[] };
}

/** A segment without its words: what rows and search need. */
export interface SegmentRecord extends Omit<TranscriptSegment, 'words'> {
  transcriptId: string;
  /** Its place: whole numbers from 0 as recognised, fractions for rows that edits put between. */
  index: number;
  /** How many words it has. Older builds stored none. */
  wordCount?: number;
}

/** An edit, in the order in which edits were stored. */
export interface EditRecord {
  transcriptId: string;
  /** From 1. */
  seq: number;
  /** When it was stored, in ms since 1970. */
  at: number;
  /** The account that was signed in; `null`: none. */
  by: string | null;
  kind: EditKind;
  patch: EditPatch;
  /** Edits of one burst of typing are stored as one. */
  burst?: string;
}

/** A row as it was recognised, kept when the first edit touches it. Rows without one are as recognised. */
export interface RecognisedRecord extends Row {
  transcriptId: string;
}

export interface WordsRecord {
  transcriptId: string;
  index: number;
  words: Word[];
}

/**
 * What the user wants of a job. Whether it is running is not stored, since a crash could not unset it.
 * `recording`: it is being recorded, or was interrupted and is to be recovered.
 */
export type JobIntent = 'recording' | 'queued' | 'paused' | 'failed' | 'done';

export interface JobError {
  code: ErrorCode;
  message: string;
  details: Record<string, string | number | boolean | null>;
}

/** Busy time of each stage over all runs of a job, in ms of wall time. */
export interface JobStats {
  decodeMs: number;
  segmentMs: number;
  recogniseMs: number;
  /** Of `recogniseMs`: inference, and the token search with the alignment. `networkMs` is the stored name. */
  networkMs: number;
  searchMs: number;
  /** From the start of a run to its end, excluding pauses. */
  elapsedMs: number;
  /** From the start of the first run to the first stored words. */
  firstWordsMs: number | null;
}

export interface JobRecord {
  /** The transcript's id too. */
  id: string;
  fileName: string;
  sizeBytes: number;
  addedAt: string;
  /** Jobs run in rising order. */
  order: number;
  intent: JobIntent;
  error: JobError | null;
  /** Where a later run resumes: after the last stored batch. */
  checkpoint: SegmenterCheckpoint | null;
  /** Index of the next transcript segment. */
  nextIndex: number;
  /** Number of batches stored so far: determines how the next ones are formed. */
  batches: number;
  /** What decoded the source last: a source that WebCodecs gave up on resumes with ffmpeg. */
  decoder: MediaInfo['decoder'] | null;
  /** Index of the audio track that is transcribed; missing: not chosen yet. */
  audioTrack?: number;
  /** Each audio track is transcribed, as a speaker: where each resumes; empty: at its start. */
  tracks?: TrackPoint[];
  /** What of several tracks is recognised and not in the transcript yet; missing: nothing. */
  interleaving?: Interleaving;
  /** The user chose the track: if it has no speech, no other is tried. */
  isTrackGiven?: boolean;
  /** Tracks in which no speech was found. */
  silentTracks?: number[];
  /** The largest absolute sample value decoded so far, 0 to 1. */
  loudest?: number;
  /** What the user had chosen when the job began. Older builds stored none. */
  options?: JobOptions;
  /** Its batches replace the text of the first pass instead of being appended. */
  isSecondPass?: boolean;
  /** How much of the recording is done, in ms. */
  doneMs: number;
  durationMs: number | null;
  stats: JobStats;
  deletedAt: string | null;
}

/** A piece of the waveform: `PEAKS_PER_SECOND` values a second, 0 to 255. */
export interface PeaksRecord {
  transcriptId: string;
  /** Index of the first peak in this piece. */
  firstPeak: number;
  peaks: Uint8Array;
}

/** A backend choice with what it depends on: if that changes, the choice is made again. */
export interface StoredChoice extends BackendChoice {
  madeFor: string;
}

/** A foot pedal. A button is down while the bits `mask` of a byte of an input report have the value. */
interface PedalSetting {
  vendorId: number;
  productId: number;
  buttons: Record<
    'left' | 'centre' | 'right',
    { reportId: number; byte: number; mask: number; value: number }
  >;
}

/**
 * The user's settings and what was measured on this device, by stored name. Each library has its own,
 * except for those of the device (`setting-values.ts`).
 */
export interface Settings {
  backend: 'auto' | 'wasm' | 'webgpu';
  /** The model that the user has chosen; `null`: the app chooses one for this device. */
  modelId: string | null;
  backendChoices: Record<string, StoredChoice>;
  /** What the app's kernels were measured to multiply fastest, in which browser; `null`: not measured yet. */
  integerProducts: { products: IntegerProducts; browser: string } | null;
  playbackRate: number;
  followAlong: boolean;
  /** The recording plays more slowly while one types in its transcript. */
  slowWhileTyping: boolean;
  /** Keys that the user has chosen for commands of the reader, by command; the others have their own. */
  shortcuts: Record<string, string[]>;
  /** Foot pedals that were connected here: how each reports its buttons. */
  pedals: PedalSetting[];
  /** Names and terms that the recogniser favours, as they should be written. */
  vocabulary: string[];
  /** How often a name was put in the place of other words, the newest last. */
  corrections: Record<string, number>;
  /** Language tags of what is spoken, separated by commas; `null`: the model detects it. */
  language: string | null;
  /** Translate into English, with models that can. */
  translate: boolean;
  /** How English numbers are written. */
  numbers: NumberStyle;
  /** What was chosen for the last export: options, and the formats of the dialog. */
  exports: { formats: FormatId[]; options: ExportOptions };
  /** The inputs of the last recording. */
  capture: CaptureChoice;
  sync: SyncState;
  /** What pseudonyms of given clips are made with, in hexadecimal; `null`: nothing was given yet. */
  pseudonymKey: string | null;
  /** What opens transcripts of the inbox that were sealed to the user, the newest last. */
  inboxKeys: OwnerKey[];
  /** Libraries whose transcripts the user has been offered, and has accepted or declined. */
  answered: TranscriptLibraryId[];
  /** A move between libraries in progress; `null` if there is none. */
  moving: { from: TranscriptLibraryId; to: TranscriptLibraryId } | null;
}

/** A change that has not been sent yet; its values are read from the transcript. */
export interface OutboxRecord {
  transcriptId: string;
  /** When it was deleted, in ms since 1970; `null` if it exists. */
  deletedAt: number | null;
}

/** A transcript kept on another device of the same user; its words are not here. */
export type RemoteTranscriptRecord = Omit<TranscriptSummary, 'deleted'>;

/** This device's state of synchronisation with the server's list. */
export interface SyncState {
  /** Whose list was here last; kept after signing out, so that deletions can be sent later. */
  owner: string | null;
  signedIn: boolean;
  /** The last revision of the owner's list that was received. */
  revision: number;
  /** By user: whether this device's transcripts are shown on their other devices; missing: not asked yet. */
  shows: Record<string, boolean>;
}

/** Live text that has not reached its link, in the form of its sender (`lib/client/sharing`). */
export interface UnsentLive {
  /** Seals frames; nobody can read its bytes. */
  key: CryptoKey;
  /** The frame sent last: it may have arrived. */
  frame: { n: number; isLast: boolean; payload: string };
  /** What the link has then, without its words; and the change since, `null`: none. Both are frames of captions. */
  sent: unknown;
  rest: unknown;
}

/** The part of a share's link that the server never sees; stored by the device that made it. */
export interface ShareLinkRecord {
  /** The id in the link. */
  id: string;
  transcriptId: string;
  /** The secret in the link's fragment, base64url. */
  secret: string;
  hasPassword: boolean;
  /** Of a live link whose end has not arrived. */
  unsent?: UnsentLive;
}

/** Object stores and their keys. The names are stored: `elsewhere` holds the remote transcripts. */
export interface Schema extends DBSchema {
  transcripts: { key: string; value: TranscriptRecord };
  segments: { key: [string, number]; value: SegmentRecord };
  words: { key: [string, number]; value: WordsRecord };
  jobs: { key: string; value: JobRecord };
  peaks: { key: [string, number]; value: PeaksRecord };
  settings: { key: string; value: { name: string; value: unknown } };
  outbox: { key: string; value: OutboxRecord };
  elsewhere: { key: string; value: RemoteTranscriptRecord };
  shareLinks: { key: string; value: ShareLinkRecord };
  edits: { key: [string, number]; value: EditRecord };
  recognised: { key: [string, number]; value: RecognisedRecord };
  contributions: { key: string; value: ContributionRecord };
  watchedFolders: { key: string; value: WatchedFolderRecord };
  watchedFiles: { key: string; value: WatchedFileRecord };
}
