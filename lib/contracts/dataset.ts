import { z } from 'zod';
import { isText } from '@/lib/core';
import type { Endpoint } from './endpoint';

/** Sample rate of every clip, in Hz. Clips are mono FLAC of 16 bits. */
export const CLIP_SAMPLE_RATE_HZ = 16_000;

/** Clips are whole milliseconds long, so that every format has their exact length. */
export const CLIP_SAMPLES_PER_MS = CLIP_SAMPLE_RATE_HZ / 1_000;

/** How long a clip may be, in samples: 1 s to 30 s. */
export const CLIP_SAMPLES = {
  min: CLIP_SAMPLE_RATE_HZ,
  max: 30 * CLIP_SAMPLE_RATE_HZ,
} as const;

/** The largest clip: 30 s that do not compress at all are 960,000 bytes and some headers. */
export const MAX_CLIP_BYTES = 2 ** 20;

/** A clip is uploaded in parts of this size; the last one is shorter. Offsets are multiples of it. */
export const CLIP_PART_BYTES = 2 ** 18;

/** Entries in one request. */
export const ENTRIES_A_BATCH = 100;

/** Entries in one answer of the list. */
export const ENTRIES_A_PAGE = 200;

/** Characters of an entry's text. */
export const MAX_ENTRY_CHARS = 2_000;

/** Licences under which a clip and its text can be given; SPDX identifiers. */
export const DATASET_LICENCES = ['CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0'] as const;

/**
 * Versions of the consent wording, oldest first. The wording itself is among the texts of the page that asks for
 * consent. A changed wording needs a new version here; older ones stay. A version is the day from which it is shown:
 * nobody agreed to it before.
 */
export const CONSENT_WORDINGS = ['2026-11-29'] as const;

/** What a person did with the text: corrected it, or confirmed it as it was. */
export const ENTRY_LEVELS = ['edited', 'confirmed'] as const;

/** SHA-256, hexadecimal, in lower case. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'Not a SHA-256 in hexadecimal');

const ms = z.int().nonnegative();
const count = z.int().nonnegative();

/** Announces a clip before any of its bytes are sent; repeated to have it checked once it is in the store. */
export const newClipSchema = z.strictObject({
  /** Hash of the whole file; also the clip's name. */
  sha256: sha256Schema,
  sizeBytes: z.int().min(1).max(MAX_CLIP_BYTES),
  /** Number of samples that the file decodes to. */
  samples: z.int().min(CLIP_SAMPLES.min).max(CLIP_SAMPLES.max).multipleOf(CLIP_SAMPLES_PER_MS),
  /** Whether the clip may be uploaded to the object store directly; otherwise it goes through the app. */
  canReachStore: z.boolean().default(false),
});

/**
 * Why a clip was refused; nothing of it is kept then. In order: its hash is wrong; it is not FLAC, or does not decode
 * to its end; it is not 16 kHz, mono, 16 bit; its length is not the announced one.
 */
export const CLIP_REFUSALS = ['hash', 'not_flac', 'format', 'length'] as const;

/**
 * The state of a clip.
 * - `stored`: the server has decoded it and keeps it.
 * - `wanted`: its bytes from `offset` on are to be sent as `upload` says. To the `app`: one part at a time, each
 *   with `?offset=` added to `url`, as the body; every answer says how to continue. To the `store`: all of
 *   it, with these headers; then the clip is announced again, which checks it.
 * - `refused`: it is not what was announced; the same bytes will not be taken later.
 */
export const clipStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('stored'), durationMs: ms }),
  z.object({
    state: z.literal('wanted'),
    offset: count,
    upload: z.object({
      method: z.literal('PUT'),
      to: z.enum(['app', 'store']),
      /** A path of this app, or a signed address of the store that holds for minutes. */
      url: z.string(),
      headers: z.record(z.string(), z.string()),
    }),
  }),
  z.object({ state: z.literal('refused'), reason: z.enum(CLIP_REFUSALS) }),
]);

const entryText = z
  .string()
  .max(MAX_ENTRY_CHARS)
  .refine(isText, 'holds characters that no text has')
  .transform((value) => value.trim().replace(/\s+/gu, ' '));

/** A name that reveals nothing about whom or what it names; within one library, it is always the same. */
const pseudonym = z.string().regex(/^[\w-]{1,64}$/, 'Not a pseudonym');

export const consentSchema = z.strictObject({
  wording: z.enum(CONSENT_WORDINGS),
  licence: z.enum(DATASET_LICENCES),
  /** When the giver agreed, by the giver's clock. */
  at: z.iso.datetime(),
});

/** A clip with its text, as it is given. Its length is not included: the server decodes the clip. */
export const newEntrySchema = z.strictObject({
  /** Made by the giver; sending it again changes nothing. */
  id: z.uuid().toLowerCase(),
  clip: sha256Schema,
  text: entryText.pipe(z.string().min(1)),
  /** What the model had recognised. */
  asrText: entryText,
  language: z
    .string()
    .max(35)
    .regex(/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/, 'Not a language tag'),
  level: z.enum(ENTRY_LEVELS),
  speaker: pseudonym,
  recording: pseudonym,
  modelId: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\w./:@+-]+$/, 'Not the id of a model'),
  consent: consentSchema,
});

/**
 * Why an entry of a batch was refused. In order: its clip is not stored; its id is in use for something else; it was
 * withdrawn; somebody else has given this clip; the time of consent is impossible, since it is before the wording was
 * first shown, or more than a day in the future.
 */
export const ENTRY_REFUSALS = [
  'clip_missing',
  'conflict',
  'withdrawn',
  'taken',
  'consent_time',
] as const;

/** `accepted` entries are committed. If a giver gives a clip again, the new entry replaces the earlier one. */
export const entriesAnswerSchema = z.object({
  accepted: z.array(z.uuid()),
  refused: z.array(z.object({ id: z.uuid(), reason: z.enum(ENTRY_REFUSALS) })),
});

/** `waiting`: for the next version. A published entry that is withdrawn is left out of the next version. */
export const ENTRY_STATES = ['waiting', 'published', 'withdrawn'] as const;

export const entrySchema = z.object({
  id: z.uuid(),
  clip: sha256Schema,
  /** Empty once it is withdrawn. */
  text: z.string(),
  language: z.string(),
  level: z.enum(ENTRY_LEVELS),
  durationMs: ms,
  licence: z.enum(DATASET_LICENCES),
  wording: z.string(),
  /** As its giver named it; `null` for those of others. */
  recording: z.string().nullable(),
  isMine: z.boolean(),
  givenAt: z.iso.datetime(),
  state: z.enum(ENTRY_STATES),
  /** The first version that has it. */
  version: z.string().nullable(),
});

export const entryPageSchema = z.object({
  items: z.array(entrySchema),
  /** For the next page; `null` at the end. */
  next: z.string().nullable(),
});

const figures = z.object({ durationMs: ms, clips: count, speakers: count });

export const SPLITS = ['train', 'dev', 'test'] as const;

/** `v1`, `v2`, … */
export const versionNameSchema = z.string().regex(/^v[1-9]\d{0,8}$/);

export const versionSchema = z.object({
  name: versionNameSchema,
  at: z.iso.datetime(),
  durationMs: ms,
  clips: count,
  speakers: count,
  /** Of `dataset.json`, which describes the version and names the hash of every other file. */
  sha256: sha256Schema,
  /** Entries of earlier versions that were withdrawn by then. */
  withdrawn: count,
  splits: z.object({ train: figures, dev: figures, test: figures }),
  files: z.array(z.object({ path: z.string(), sizeBytes: count, sha256: sha256Schema })),
});

/** How many bad lines are listed; all are counted. */
export const BAD_LINES_SHOWN = 20;

/** Progress of the next version. */
const publicationSchema = z.object({
  name: versionNameSchema,
  /** From 0 to 1. */
  progress: z.number().min(0).max(1),
  /** A service has failed; the server recovers by itself within a quarter of an hour. */
  isInterrupted: z.boolean(),
});

/** What has been given and not withdrawn. */
export const datasetSchema = z.object({
  total: figures,
  byLanguage: z.array(figures.extend({ language: z.string() })),
  byLevel: z.array(figures.extend({ level: z.enum(ENTRY_LEVELS) })),
  /** Since the last version: clips given, and clips of that version that were withdrawn. */
  unpublished: z.object({ durationMs: ms, clips: count, withdrawn: count }),
  /** Lines of the manifest in the store that could not be read and were kept aside. */
  badLines: z.object({
    count,
    shown: z
      .array(z.object({ object: z.string(), line: count, reason: z.string() }))
      .max(BAD_LINES_SHOWN),
  }),
  /** Newest first. */
  versions: z.array(versionSchema),
  /** The version that is being written; `null`: none. */
  publishing: publicationSchema.nullable(),
});

/**
 * `published`: it was finished while the route waited; `publishing`: it continues, and `GET /api/dataset` reports its
 * progress; `unchanged`: nothing was given or withdrawn since the newest version.
 */
export const publishAnswerSchema = z.object({
  state: z.enum(['published', 'publishing', 'unchanged']),
  /** The newest one; `null`: there is none yet. */
  version: versionSchema.nullable(),
});

export type NewClip = z.input<typeof newClipSchema>;
export type ClipState = z.infer<typeof clipStateSchema>;
export type ClipRefusal = (typeof CLIP_REFUSALS)[number];
export type NewEntry = z.infer<typeof newEntrySchema>;
export type EntriesAnswer = z.infer<typeof entriesAnswerSchema>;
export type EntryRefusal = (typeof ENTRY_REFUSALS)[number];
export type DatasetEntry = z.infer<typeof entrySchema>;
export type EntryPage = z.infer<typeof entryPageSchema>;
export type DatasetVersion = z.infer<typeof versionSchema>;
export type DatasetFigures = z.infer<typeof datasetSchema>;
export type Publication = z.infer<typeof publicationSchema>;
export type PublishAnswer = z.infer<typeof publishAnswerSchema>;
export type Split = (typeof SPLITS)[number];

const byClip = z.object({ sha256: sha256Schema });

/** Clips and corrected text that people give for the training of models. */
export const datasetApi = {
  figures: {
    method: 'GET',
    path: '/api/dataset',
    summary: 'Counts what was given, and lists the published versions.',
    session: 'user',
    answer: datasetSchema,
  },
  announceClip: {
    method: 'POST',
    path: '/api/dataset/clips',
    summary:
      'Announces a clip; says whether it is stored, or which bytes of it are wanted. Checks one that has come whole.',
    session: 'user',
    body: newClipSchema,
    answer: clipStateSchema,
  },
  putClip: {
    method: 'PUT',
    path: '/api/dataset/clips/{sha256}',
    summary: 'Takes a part of an announced clip; checks the clip with the last one.',
    session: 'user',
    params: byClip,
    query: z.strictObject({
      offset: z.coerce.number().pipe(z.int().min(0).max(MAX_CLIP_BYTES)),
    }),
    rawBody: true,
    answer: clipStateSchema,
  },
  give: {
    method: 'POST',
    path: '/api/dataset/entries',
    summary: 'Gives clips with their text; what is accepted is committed.',
    session: 'user',
    body: z.strictObject({ entries: z.array(newEntrySchema).min(1).max(ENTRIES_A_BATCH) }),
    answer: entriesAnswerSchema,
  },
  entries: {
    method: 'GET',
    path: '/api/dataset/entries',
    summary: 'Lists what the user gave, newest first; all that was given, for the owner.',
    session: 'user',
    query: z.strictObject({
      of: z.enum(['mine', 'all']).default('mine'),
      recording: pseudonym.optional(),
      after: z
        .string()
        .regex(/^\d{1,15}$/)
        .optional(),
      limit: z.coerce.number().pipe(z.int().min(1).max(ENTRIES_A_PAGE)).default(ENTRIES_A_PAGE),
    }),
    answer: entryPageSchema,
  },
  withdraw: {
    method: 'DELETE',
    path: '/api/dataset/entries/{id}',
    summary: 'Withdraws an entry, by its giver or the owner.',
    session: 'user',
    params: z.object({ id: z.uuid().toLowerCase() }),
    answer: null,
  },
  withdrawRecording: {
    method: 'DELETE',
    path: '/api/dataset/entries',
    summary: 'Withdraws all that the user gave of one recording.',
    session: 'user',
    query: z.strictObject({ recording: pseudonym }),
    answer: z.object({ withdrawn: count }),
  },
  publish: {
    method: 'POST',
    path: '/api/dataset/versions',
    summary: 'Begins a version of all that was given, unless nothing has changed.',
    session: 'owner',
    answer: publishAnswerSchema,
  },
  file: {
    method: 'GET',
    path: '/api/dataset/versions/{name}/{path}',
    summary: 'Gives a file of a version, or one of its clips.',
    session: 'owner',
    params: z.object({
      name: versionNameSchema,
      path: z.array(z.string().max(100)).min(1).max(4),
    }),
    answer: 'application/octet-stream',
  },
} as const satisfies Record<string, Endpoint>;
