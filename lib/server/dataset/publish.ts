import 'server-only';
import { createHash } from 'node:crypto';
import { and, asc, eq, gt, isNotNull, isNull, lte, or, sql } from 'drizzle-orm';
import {
  type DatasetVersion,
  type PublishAnswer,
  SPLITS,
  type Split,
  versionSchema,
} from '@/lib/contracts';
import { AppError, throwIfAborted } from '@/lib/core';
import {
  database,
  datasetEntries,
  datasetSplits,
  datasetVersions,
  withLease,
} from '@/lib/server/db';
import { objectStore } from '@/lib/server/objects';
import { VERSIONS } from './dataset-objects';
import { publishedVersions, unpublished } from './figures';
import { chooseSplits, type SplitChoice } from './splits';
import {
  derivedFiles,
  encodeLines,
  INDEX_FILE,
  nemoFile,
  nemoPath,
  type Utterance,
} from './version-files';

/** A publisher that died is replaced after this, in ms. */
const LEASE_MS = 60_000;

/** Entries that are read from the database at a time. */
const PAGE = 1_000;

/** Members of groups that are stored by one statement. */
const MEMBERS_A_STATEMENT = 1_000;

/** Says which version is the newest; written last. */
export const LATEST = `${VERSIONS}/latest.json`;

type Entry = typeof datasetEntries.$inferSelect;
type VersionFile = DatasetVersion['files'][number];
type Counts = DatasetVersion['splits'][Split];

/** The object of a file of a version. */
export function versionKey(name: string, path: string): string {
  return `${VERSIONS}/${name}/${path}`;
}

/**
 * Publishes all that was given and not withdrawn. A process that dies on the way leaves files of a
 * version that does not count yet; the next one writes them again.
 * @throws SERVER_BUSY when another process is publishing, or a service fails
 */
export async function publishVersion(signal: AbortSignal): Promise<PublishAnswer> {
  let answer: PublishAnswer | null = null;
  const isMine = await withLease('dataset.publish', LEASE_MS, async (lost) => {
    answer = await publish(AbortSignal.any([signal, lost]));
  });
  if (!isMine || !answer) throw new AppError('SERVER_BUSY', 'A version is being published.');
  return answer;
}

async function publish(signal: AbortSignal): Promise<PublishAnswer> {
  const [newest] = await publishedVersions();
  const number = Number(newest?.name.slice(1) ?? 0) + 1;
  const waiting = await unpublished(number - 1);
  if (waiting.clips === 0 && waiting.withdrawn === 0) {
    // the one who published it may have died before this
    if (newest) await writeLatest(newest, signal);
    return { state: 'unchanged', version: newest ?? null };
  }
  await reserve(number);
  const choice = await placeGroups(number);
  const version = await writeVersion(number, choice, signal);
  throwIfAborted(signal);
  const { db } = await database();
  await db
    .insert(datasetVersions)
    .values({ number, publishedAt: new Date(version.at), facts: version });
  await writeLatest(version, signal);
  return { state: 'published', version };
}

/**
 * Notes in the database what the version is to have and what it names as withdrawn. What comes later
 * is for the next one; what is withdrawn later is left out of files that are not written yet, and
 * named by the next one.
 */
async function reserve(number: number): Promise<void> {
  const { transaction } = await database();
  await transaction(async (tx) => {
    await tx
      .update(datasetEntries)
      .set({ firstVersion: number })
      .where(and(isNull(datasetEntries.withdrawnAt), isNull(datasetEntries.firstVersion)));
    await tx
      .update(datasetEntries)
      .set({ tombstoneVersion: number })
      .where(
        and(
          isNotNull(datasetEntries.withdrawnAt),
          isNull(datasetEntries.tombstoneVersion),
          lte(datasetEntries.firstVersion, number - 1),
        ),
      );
  });
}

/** What is in version `number`. */
const isIn = (number: number) =>
  and(isNull(datasetEntries.withdrawnAt), lte(datasetEntries.firstVersion, number));

/** Decides in which split each speaker and recording is, and stores that. */
async function placeGroups(number: number): Promise<SplitChoice> {
  const { db, transaction } = await database();
  const { speaker, recording } = datasetEntries;
  const pairs = await db
    .selectDistinct({ speaker, recording })
    .from(datasetEntries)
    .where(isIn(number));
  const known = await db.select().from(datasetSplits);
  const choice = chooseSplits(pairs, new Map(known.map(({ member, split }) => [member, split])));
  const rows = [...choice.splits].map(([member, split]) => ({ member, split }));
  await transaction(async (tx) => {
    for (let at = 0; at < rows.length; at += MEMBERS_A_STATEMENT)
      await tx
        .insert(datasetSplits)
        .values(rows.slice(at, at + MEMBERS_A_STATEMENT))
        .onConflictDoUpdate({ target: datasetSplits.member, set: { split: sql`excluded.split` } });
  });
  return choice;
}

/** Writes files of a version, and keeps what they are. */
class VersionWriter {
  readonly files: VersionFile[] = [];
  readonly #name: string;
  readonly #signal: AbortSignal;

  constructor(name: string, signal: AbortSignal) {
    this.#name = name;
    this.#signal = signal;
  }

  async write(
    { path, mediaType }: { path: string; mediaType: string },
    source: AsyncIterable<Uint8Array>,
  ): Promise<VersionFile> {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const counted = async function* () {
      for await (const piece of source) {
        hash.update(piece);
        sizeBytes += piece.length;
        yield piece;
      }
    };
    const signal = this.#signal;
    throwIfAborted(signal);
    await objectStore().putStream(versionKey(this.#name, path), counted(), { mediaType, signal });
    const file = { path, sizeBytes, sha256: hash.digest('hex') };
    this.files.push(file);
    return file;
  }

  /** The utterances of a split, from the file that was just written. */
  async *utterances(split: Split): AsyncGenerator<Utterance> {
    const key = versionKey(this.#name, nemoFile(split).path);
    const found = await objectStore().get(key, { signal: this.#signal });
    if (!found)
      throw new AppError('SERVER_BUSY', `The object ${key} was just written and is gone.`);
    const decoder = new TextDecoder();
    let rest = '';
    for await (const piece of found.body) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      // written by us a moment ago
      for (const line of lines) yield JSON.parse(line) as Utterance;
    }
  }
}

async function writeVersion(
  number: number,
  choice: SplitChoice,
  signal: AbortSignal,
): Promise<DatasetVersion> {
  const name = `v${number}`;
  const at = new Date().toISOString();
  const writer = new VersionWriter(name, signal);
  const splits = {} as Record<Split, Counts>;
  const terms = { licences: new Map<string, number>(), wordings: new Map<string, number>() };
  for (const split of SPLITS) {
    const counter = new Counter(terms);
    await writer.write(nemoFile(split), encodeLines(counter.lines(entriesOf(number, split))));
    splits[split] = counter.counts();
    for (const file of derivedFiles(split))
      await writer.write(file, file.write(writer.utterances(split)));
  }
  const tombstones = { count: 0 };
  await writer.write(
    { path: 'tombstones.jsonl', mediaType: 'application/x-ndjson' },
    encodeLines(tombstoneLines(number, tombstones)),
  );
  const sum = (count: (of: Counts) => number) =>
    SPLITS.reduce((total, split) => total + count(splits[split]), 0);
  const facts = {
    name,
    at,
    durationMs: sum(({ durationMs }) => durationMs),
    clips: sum(({ clips }) => clips),
    // a speaker is in one split
    speakers: sum(({ speakers }) => speakers),
    withdrawn: tombstones.count,
    splits,
  };
  const index = {
    ...facts,
    sampleRateHz: 16_000,
    emptySplits: choice.empty,
    movedBetweenSplits: choice.moved,
    licences: Object.fromEntries(terms.licences),
    consentWordings: Object.fromEntries(terms.wordings),
    previous: number > 1 ? `v${number - 1}` : null,
    files: [...writer.files],
  };
  const { sha256 } = await writer.write(
    { path: INDEX_FILE, mediaType: 'application/json' },
    one(`${JSON.stringify(index, null, 2)}\n`),
  );
  const sums = writer.files.map((file) => `${file.sha256}  ${file.path}\n`).join('');
  await writer.write({ path: 'SHA256SUMS', mediaType: 'text/plain' }, one(sums));
  return versionSchema.parse({ ...facts, sha256, files: writer.files });
}

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** Turns entries into lines, and counts what it has passed on. */
class Counter {
  readonly #terms: { licences: Map<string, number>; wordings: Map<string, number> };
  readonly #speakers = new Set<string>();
  #durationMs = 0;
  #clips = 0;

  constructor(terms: { licences: Map<string, number>; wordings: Map<string, number> }) {
    this.#terms = terms;
  }

  async *lines(entries: AsyncIterable<Entry>): AsyncGenerator<string> {
    for await (const entry of entries) {
      this.#clips += 1;
      this.#durationMs += entry.durationMs;
      this.#speakers.add(entry.speaker);
      const { licences, wordings } = this.#terms;
      licences.set(entry.licence, (licences.get(entry.licence) ?? 0) + 1);
      wordings.set(entry.wording, (wordings.get(entry.wording) ?? 0) + 1);
      yield `${JSON.stringify(utteranceOf(entry))}\n`;
    }
  }

  counts(): Counts {
    return { durationMs: this.#durationMs, clips: this.#clips, speakers: this.#speakers.size };
  }
}

function utteranceOf(entry: Entry): Utterance {
  return {
    audio_filepath: nemoPath(entry.clip),
    text: entry.text,
    duration: entry.durationMs / 1000,
    lang: entry.language,
    utterance: `${entry.speaker}-${entry.id}`,
    id: entry.id,
    speaker: entry.speaker,
    recording: entry.recording,
    level: entry.level,
    pred_text: entry.asrText,
    model: entry.modelId,
    licence: entry.licence,
    consent_wording: entry.wording,
    consent_at: entry.consentAt.toISOString(),
    sha256: entry.clip,
  };
}

/** The entries of a split in the order of their utterances, a page at a time. */
async function* entriesOf(number: number, split: Split): AsyncGenerator<Entry> {
  const { db } = await database();
  // digits and small letters: the order of bytes, whatever the database's own
  const speaker = sql`${datasetEntries.speaker} collate "C"`;
  let last: Entry | undefined;
  do {
    const after =
      last &&
      or(
        sql`${speaker} > ${last.speaker}`,
        and(eq(datasetEntries.speaker, last.speaker), gt(datasetEntries.id, last.id)),
      );
    const rows = await db
      .select({ entry: datasetEntries })
      .from(datasetEntries)
      .innerJoin(datasetSplits, eq(datasetSplits.member, datasetEntries.speaker))
      .where(and(isIn(number), eq(datasetSplits.split, split), after))
      .orderBy(asc(speaker), asc(datasetEntries.id))
      .limit(PAGE);
    for (const { entry } of rows) yield entry;
    last = rows.length < PAGE ? undefined : rows.at(-1)?.entry;
  } while (last);
}

/** All entries of earlier versions that were withdrawn by now. */
async function* tombstoneLines(number: number, counted: { count: number }) {
  const { db } = await database();
  let after = 0;
  for (;;) {
    const rows = await db
      .select()
      .from(datasetEntries)
      .where(and(lte(datasetEntries.tombstoneVersion, number), gt(datasetEntries.seq, after)))
      .orderBy(asc(datasetEntries.seq))
      .limit(PAGE);
    for (const { id, clip, withdrawnAt, firstVersion, tombstoneVersion } of rows) {
      counted.count += 1;
      yield `${JSON.stringify({
        id,
        sha256: clip,
        withdrawnAt: withdrawnAt?.toISOString(),
        firstVersion: `v${firstVersion}`,
        leftOutFrom: `v${tombstoneVersion}`,
      })}\n`;
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.seq;
  }
}

async function writeLatest(version: DatasetVersion, signal: AbortSignal): Promise<void> {
  const { name, at, sha256 } = version;
  const text = `${JSON.stringify({ name, at, path: `${name}/${INDEX_FILE}`, sha256 }, null, 2)}\n`;
  await objectStore().put(LATEST, new TextEncoder().encode(text), {
    mediaType: 'application/json',
    signal,
  });
}
