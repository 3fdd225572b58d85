import type { DBSchema } from 'idb';
import type { ErrorCode } from '@/lib/core';
import type { BackendChoice, NumberStyle } from '@/lib/engine';
import type { AudioTrackChoice, AudioTrackInfo, DecodeNotice, MediaInfo } from '@/lib/engine/audio';
import type { JobOptions } from '@/lib/engine/pipeline';
import type { SegmenterCheckpoint } from '@/lib/engine/vad';
import type {
  FieldTimes,
  ModelInfo,
  SourceInfo,
  TranscriptSegment,
  TranscriptSummary,
  Word,
} from '@/lib/transcript';
import type { CaptureChoice, CaptureReport, Mark } from './capture-records';
import type { TranscriptLibraryId } from './library';

/** Raised with every change of the stores; `migrations.ts` has a step for each. */
export const DATABASE_VERSION = 2;

/**
 * Where the original recording is: `kept` in OPFS, still being `copying`, not kept at all, or still
 * `recording` (its file then lies among those of recordings, not yet among the media).
 */
export type MediaState = 'recording' | 'copying' | 'kept' | 'none';

/**
 * A copy of a kept recording that browsers play exactly, beside it in OPFS; made when it is to be
 * played and the recording itself would play other sound than was transcribed. It is whole when its
 * size is this one.
 */
export interface PlayableRecord {
  /** Of the way in which it was made: an older one is made anew. */
  version: number;
  /** Index of the audio track in it. */
  track: number;
  mediaType: string;
  sizeBytes: number;
  hasVideo: boolean;
}

/** A transcript whose words are to be, or are only partly, those of a better model than `model`. */
export interface SecondPass {
  modelId: string;
  /** Speech that begins before this was written by the better model, in ms; the rest by `model`. */
  untilMs: number;
  /** BCP 47, as the better model found it; `null`: not yet. */
  language: string | null;
  /** It will not go on by itself: it failed, or (without a problem) the user ended it. */
  stopped: { problem: JobError | null } | null;
}

/** What the library knows of a transcript without its words. */
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
  /** `null` until the recogniser is known. */
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
  playable?: PlayableRecord;
  /** Where its reader stopped to listen, in ms; missing: at the start, or at the end. */
  placeMs?: number;
  /** Moments marked while it was recorded, in order. */
  marks?: Mark[];
  /** How the sound came in, when it was recorded here. */
  capture?: CaptureReport;
  /** Set by delete, taken back by undo; what stays set is removed for good a little later. */
  deletedAt: string | null;
  /** When what devices share was last written, in ms since 1970; missing: when it was made. */
  fieldTimes?: Partial<FieldTimes>;
  tags?: string[];
}

/** A segment without its words: what rows, search and captions of a list need. */
export interface SegmentRecord extends Omit<TranscriptSegment, 'words'> {
  transcriptId: string;
  /** Position in the transcript, from 0. */
  index: number;
  /** How many words it has. Older builds stored none. */
  wordCount?: number;
}

export interface WordsRecord {
  transcriptId: string;
  index: number;
  words: Word[];
}

/**
 * What the user wants of a job. Whether it runs right now is not stored: a crash could not unset it.
 * `recording`: its sound is still coming in, or broke off and is to be recovered.
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
  /** Of `recogniseMs`: in the network, and in the word search with the alignment. */
  networkMs: number;
  searchMs: number;
  /** From the start of a run to its end, pauses left out. */
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
  /** Where a later run goes on: behind the last stored batch. */
  checkpoint: SegmenterCheckpoint | null;
  /** Index of the next transcript segment. */
  nextIndex: number;
  /** Batches stored so far: fixes how the next ones are put together. */
  batches: number;
  /** What decoded the source last: one that WebCodecs gave up is gone on with by ffmpeg. */
  decoder: MediaInfo['decoder'] | null;
  /** Index of the audio track that is transcribed; missing: not chosen yet. */
  audioTrack?: number;
  /** The user chose the track: where it holds no speech no other is tried. */
  isTrackGiven?: boolean;
  /** Tracks in which no speech was found. */
  silentTracks?: number[];
  /** The largest |sample| that was decoded so far, 0 to 1. */
  loudest?: number;
  /** What the user had chosen when the job began. Older builds stored none. */
  options?: JobOptions;
  /** Its batches take the place of the text of a first pass, instead of being appended. */
  isSecondPass?: boolean;
  /** How much of the recording is settled, in ms. */
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

/** A backend choice with what it depends on: when that changes, it is made anew. */
export interface StoredChoice extends BackendChoice {
  madeFor: string;
}

/**
 * The user's choices and what was measured on this device, by name. Each library has its own, but for
 * those that are about the device (`settings.ts`).
 */
export interface Settings {
  backend: 'auto' | 'wasm' | 'webgpu';
  /** The model that the user has chosen; `null`: the app chooses one for this device. */
  modelId: string | null;
  backendChoices: Record<string, StoredChoice>;
  playbackRate: number;
  followAlong: boolean;
  /** Names and terms that the recogniser prefers, as they should be written. */
  vocabulary: string[];
  /** BCP 47 of what is spoken, several with commas between them; `null`: the model finds out. */
  language: string | null;
  /** The text is to be English whatever is spoken; for models that can. */
  translate: boolean;
  /** How English numbers are written. */
  numbers: NumberStyle;
  /** What was recorded from the last time. */
  capture: CaptureChoice;
  sync: SyncState;
  /** Libraries that what is here may be taken from, and that the user has answered for. */
  answered: TranscriptLibraryId[];
  /** Transcripts are on their way from one library to another; `null`: none are. */
  moving: { from: TranscriptLibraryId; to: TranscriptLibraryId } | null;
}

/** That the server has not been told of a change yet: its values are the transcript's. */
export interface OutboxRecord {
  transcriptId: string;
  /** When it was taken away, in ms since 1970; `null`: it is there. */
  deletedAt: number | null;
}

/** A transcript that another device of the same user has; its words are there, not here. */
export type RemoteTranscriptRecord = Omit<TranscriptSummary, 'deleted'>;

/** How this device stands with the server's list. */
export interface SyncState {
  /** Whose list was here last; stays after signing out, so that deletions are told later. */
  owner: string | null;
  signedIn: boolean;
  /** Everything up to this revision of the owner's list is known here. */
  revision: number;
  /** Whether this device's transcripts are shown on a user's other devices; missing: not asked. */
  shows: Record<string, boolean>;
}

/** The part of a share's link that the server never sees; kept by the device that made it. */
export interface ShareLinkRecord {
  /** The id in the link. */
  id: string;
  transcriptId: string;
  /** The secret in the link's fragment, base64url. */
  secret: string;
  hasPassword: boolean;
}

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
}
