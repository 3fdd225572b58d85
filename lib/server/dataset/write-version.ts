import 'server-only';
import { and, asc, eq, gt, isNull, lte, or, sql } from 'drizzle-orm';
import { type DatasetVersion, SPLITS, type Split, versionSchema } from '@/lib/contracts';
import { database, datasetEntries, datasetSplits } from '@/lib/server/db';
import type { Draft } from './publication';
import {
  derivedFiles,
  encodeLines,
  INDEX_FILE,
  nemoFile,
  nemoPath,
  type Utterance,
} from './version-files';
import { VersionWriter } from './version-writer';

/** Entries that are read from the database at a time. */
const PAGE = 1_000;

type Entry = typeof datasetEntries.$inferSelect;
type Counts = DatasetVersion['splits'][Split];

/** What is in version `number`. */
export const isInVersion = (number: number) =>
  and(isNull(datasetEntries.withdrawnAt), lte(datasetEntries.firstVersion, number));

/** Writes all files of a version, from where `draft` was left. */
export async function writeVersion(
  number: number,
  draft: Draft,
  signal: AbortSignal,
): Promise<DatasetVersion> {
  const name = `v${number}`;
  const writer = new VersionWriter(number, draft, signal);
  for (const split of SPLITS) {
    const counter = new Counter(writer.draft);
    await writer.writeDecided(
      nemoFile(split),
      () => encodeLines(counter.lines(writer.noting(entriesOf(number, split)))),
      () => counter.changes(split),
    );
    for (const file of derivedFiles(split))
      await writer.write(file, () => file.write(writer.noting(writer.utterances(split))));
  }
  const tombstones = { count: 0 };
  await writer.writeDecided(
    { path: 'tombstones.jsonl', mediaType: 'application/x-ndjson' },
    () => encodeLines(tombstoneLines(number, tombstones)),
    () => ({ withdrawn: tombstones.count }),
  );
  const { at, emptySplits, movedBetweenSplits, licences, wordings, withdrawn } = writer.draft;
  const splits = versionSchema.shape.splits.parse(writer.draft.splits);
  const sum = (count: (of: Counts) => number) =>
    SPLITS.reduce((total, split) => total + count(splits[split]), 0);
  const facts = {
    name,
    at,
    durationMs: sum(({ durationMs }) => durationMs),
    clips: sum(({ clips }) => clips),
    // a speaker is in one split
    speakers: sum(({ speakers }) => speakers),
    withdrawn,
    splits,
  };
  const index = {
    ...facts,
    sampleRateHz: 16_000,
    emptySplits,
    movedBetweenSplits,
    licences,
    consentWordings: wordings,
    previous: number > 1 ? `v${number - 1}` : null,
    files: writer.draft.files.filter(({ path }) => path !== INDEX_FILE),
  };
  const { sha256 } = await writer.write({ path: INDEX_FILE, mediaType: 'application/json' }, () =>
    one(`${JSON.stringify(index, null, 2)}\n`),
  );
  const sums = writer.draft.files.map((file) => `${file.sha256}  ${file.path}\n`).join('');
  await writer.write({ path: 'SHA256SUMS', mediaType: 'text/plain' }, () => one(sums));
  return versionSchema.parse({ ...facts, sha256, files: writer.draft.files });
}

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** Turns entries into lines, and counts what it has passed on. */
class Counter {
  readonly #licences: Record<string, number>;
  readonly #wordings: Record<string, number>;
  readonly #splits: Draft['splits'];
  readonly #speakers = new Set<string>();
  #durationMs = 0;
  #clips = 0;

  constructor({ licences, wordings, splits }: Draft) {
    this.#licences = { ...licences };
    this.#wordings = { ...wordings };
    this.#splits = splits;
  }

  async *lines(entries: AsyncIterable<Entry>): AsyncGenerator<string> {
    for await (const entry of entries) {
      this.#clips += 1;
      this.#durationMs += entry.durationMs;
      this.#speakers.add(entry.speaker);
      const { licence, wording } = entry;
      this.#licences[licence] = (this.#licences[licence] ?? 0) + 1;
      this.#wordings[wording] = (this.#wordings[wording] ?? 0) + 1;
      yield `${JSON.stringify(utteranceOf(entry))}\n`;
    }
  }

  /** What the draft has once `split` is counted. */
  changes(split: Split): Pick<Draft, 'licences' | 'wordings' | 'splits'> {
    const counts = {
      durationMs: this.#durationMs,
      clips: this.#clips,
      speakers: this.#speakers.size,
    };
    return {
      licences: this.#licences,
      wordings: this.#wordings,
      splits: { ...this.#splits, [split]: counts },
    };
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
      .where(and(isInVersion(number), eq(datasetSplits.split, split), after))
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
