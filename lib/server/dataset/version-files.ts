import 'server-only';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { and, eq, isNull, lte } from 'drizzle-orm';
import { CLIP_SAMPLE_RATE_HZ, type Split } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { database, datasetEntries } from '@/lib/server/db';
import { objectStore, type StoredObject } from '@/lib/server/objects';
import { clipKey, clipPath, versionKey } from './dataset-objects';
import { publishedVersions } from './figures';

const notFound = () => new AppError('NOT_FOUND', 'This version has no such file.');

/**
 * A file of a published version, or one of its clips under `clips/`.
 * @throws NOT_FOUND for what the version does not have, and for clips that were withdrawn since
 */
export async function openVersionFile(
  name: string,
  path: string,
  signal: AbortSignal,
): Promise<StoredObject> {
  const versions = await publishedVersions();
  const version = versions.find((one) => one.name === name);
  if (!version) throw notFound();
  const isFile = version.files.some((file) => file.path === path);
  const clip = isFile ? null : await clipIn(Number(name.slice(1)), path);
  if (!isFile && clip === null) throw notFound();
  const key = clip === null ? versionKey(name, path) : clipKey(clip);
  const found = await objectStore().get(key, { signal });
  if (!found) throw notFound();
  return found;
}

async function clipIn(version: number, path: string): Promise<string | null> {
  const clip = /([0-9a-f]{64})\.flac$/.exec(path)?.[1];
  if (clip === undefined || path !== clipPath(clip)) return null;
  const { db } = await database();
  const entries = await db.$count(
    datasetEntries,
    and(
      eq(datasetEntries.clip, clip),
      isNull(datasetEntries.withdrawnAt),
      lte(datasetEntries.firstVersion, version),
    ),
  );
  return entries > 0 ? clip : null;
}

/**
 * One utterance of a version, as its line in `train.jsonl` and so on has it: the keys that NeMo reads,
 * and ours.
 */
export interface Utterance {
  /** From the manifest's own folder, as NeMo takes paths. */
  audio_filepath: string;
  text: string;
  /** In s, exact: clips are whole milliseconds long. */
  duration: number;
  lang: string;
  /** Begins with the speaker, as Kaldi wants it. */
  utterance: string;
  id: string;
  speaker: string;
  recording: string;
  level: 'edited' | 'confirmed';
  /** What the model had recognised. */
  pred_text: string;
  model: string;
  licence: string;
  consent_wording: string;
  consent_at: string;
  sha256: string;
}

/** A file of a version that is made of the utterances of one split. */
export interface DerivedFile {
  /** From the version's folder. */
  path: string;
  mediaType: string;
  write(utterances: AsyncIterable<Utterance>): AsyncIterable<Uint8Array>;
}

/** Describes a version, and names the hash of every other file. */
export const INDEX_FILE = 'dataset.json';

const JSON_LINES = 'application/x-ndjson';
const TEXT = 'text/plain; charset=utf-8';

/** Lines that are gathered before they are handed on. */
const LINES_A_PIECE = 256;

const encoder = new TextEncoder();

/** Lines as bytes, some at a time. */
export async function* encodeLines(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let gathered: string[] = [];
  for await (const line of lines) {
    gathered.push(line);
    if (gathered.length < LINES_A_PIECE) continue;
    yield encoder.encode(gathered.join(''));
    gathered = [];
  }
  if (gathered.length > 0) yield encoder.encode(gathered.join(''));
}

/** A path in a manifest that lies in the version's folder, two folders below the root. */
export function nemoPath(sha256: string): string {
  return `../../${clipPath(sha256)}`;
}

const lineByLine = (lineOf: (one: Utterance) => string): DerivedFile['write'] =>
  async function* write(utterances) {
    yield* encodeLines(
      (async function* () {
        for await (const one of utterances) yield `${lineOf(one)}\n`;
      })(),
    );
  };

/** A cut of Lhotse: a whole recording of one channel with one supervision. */
function cutOf(one: Utterance): object {
  const numSamples = Math.round(one.duration * CLIP_SAMPLE_RATE_HZ);
  const recording = {
    id: one.sha256,
    sources: [{ type: 'file', channels: [0], source: clipPath(one.sha256) }],
    sampling_rate: CLIP_SAMPLE_RATE_HZ,
    num_samples: numSamples,
    duration: one.duration,
    channel_ids: [0],
  };
  const supervision = {
    id: one.utterance,
    recording_id: one.sha256,
    start: 0,
    duration: one.duration,
    channel: 0,
    text: one.text,
    language: one.lang,
    speaker: one.speaker,
    custom: { level: one.level, pred_text: one.pred_text, licence: one.licence },
  };
  return {
    id: one.utterance,
    start: 0,
    duration: one.duration,
    channel: 0,
    supervisions: [supervision],
    recording,
    type: 'MonoCut',
  };
}

/**
 * A row of Hugging Face's `audiofolder`; its other keys are features. Files have to lie below the folder
 * of the metadata: a copy of the version has a link to the clips there.
 */
function rowOf({ audio_filepath: _, ...one }: Utterance): object {
  return { file_name: clipPath(one.sha256), ...one };
}

/** `speaker utterance utterance …`: the utterances come in the order of their speakers. */
async function* speakerLines(utterances: AsyncIterable<Utterance>): AsyncGenerator<string> {
  let speaker: string | null = null;
  for await (const one of utterances) {
    if (one.speaker !== speaker) yield `${speaker === null ? '' : '\n'}${one.speaker}`;
    speaker = one.speaker;
    yield ` ${one.utterance}`;
  }
  if (speaker !== null) yield '\n';
}

async function* gzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // the same bytes for the same lines: no time and no name is in it
  const gzip = Readable.from(source, { objectMode: false }).pipe(createGzip());
  for await (const piece of gzip) yield piece;
}

/** What every split has beside its `.jsonl`, of which these are made. */
export function derivedFiles(split: Split): DerivedFile[] {
  const kaldi = `kaldi/${split}`;
  const cuts = lineByLine((one) => JSON.stringify(cutOf(one)));
  return [
    {
      path: `lhotse/cuts_${split}.jsonl.gz`,
      mediaType: 'application/gzip',
      write: (utterances) => gzipped(cuts(utterances)),
    },
    {
      path: `${huggingFaceFolder(split)}/metadata.jsonl`,
      mediaType: JSON_LINES,
      write: lineByLine((one) => JSON.stringify(rowOf(one))),
    },
    {
      path: `${kaldi}/wav.scp`,
      mediaType: TEXT,
      write: lineByLine((one) => `${one.utterance} flac -c -d -s ${clipPath(one.sha256)} |`),
    },
    {
      path: `${kaldi}/text`,
      mediaType: TEXT,
      write: lineByLine((one) => `${one.utterance} ${one.text}`),
    },
    {
      path: `${kaldi}/utt2spk`,
      mediaType: TEXT,
      write: lineByLine((one) => `${one.utterance} ${one.speaker}`),
    },
    {
      path: `${kaldi}/utt2dur`,
      mediaType: TEXT,
      write: lineByLine((one) => `${one.utterance} ${one.duration}`),
    },
    {
      path: `${kaldi}/spk2utt`,
      mediaType: TEXT,
      write: (utterances) => encodeLines(speakerLines(utterances)),
    },
  ];
}

/** Where the metadata of a split lies, and in a copy a link to the clips. */
export const huggingFaceFolder = (split: Split) => `huggingface/${split}`;

/** The `.jsonl` of a split. */
export const nemoFile = (split: Split) => ({ path: `${split}.jsonl`, mediaType: JSON_LINES });
