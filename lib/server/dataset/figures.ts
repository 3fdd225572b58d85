import 'server-only';
import { desc, isNull, sql } from 'drizzle-orm';
import {
  BAD_LINES_SHOWN,
  type DatasetFigures,
  type DatasetVersion,
  versionSchema,
} from '@/lib/contracts';
import { database, datasetBadLines, datasetEntries, datasetVersions } from '@/lib/server/db';
import { publicationUnderWay } from './publication';

const figures = {
  durationMs: sql<number>`coalesce(sum(${datasetEntries.durationMs}), 0)::float8`,
  clips: sql<number>`count(*)::int`,
  speakers: sql<number>`count(distinct ${datasetEntries.speaker})::int`,
};

const NOTHING = { durationMs: 0, clips: 0, speakers: 0 };

/** Given and not withdrawn. */
const isLive = isNull(datasetEntries.withdrawnAt);

/** The published versions, newest first. */
export async function publishedVersions(): Promise<DatasetVersion[]> {
  const { db } = await database();
  const rows = await db.select().from(datasetVersions).orderBy(desc(datasetVersions.number));
  return rows.map(({ facts }) => versionSchema.parse(facts));
}

/** What was given and not withdrawn since version `number` was published. */
export async function unpublished(number: number): Promise<DatasetFigures['unpublished']> {
  const { db } = await database();
  const isNew = sql`(${datasetEntries.firstVersion} is null or ${datasetEntries.firstVersion} > ${number})`;
  const [row] = await db
    .select({
      durationMs: sql<number>`coalesce(sum(${datasetEntries.durationMs}) filter (where ${isLive} and ${isNew}), 0)::float8`,
      clips: sql<number>`count(*) filter (where ${isLive} and ${isNew})::int`,
      withdrawn: sql<number>`count(*) filter (where not ${isLive} and not ${isNew}
        and (${datasetEntries.tombstoneVersion} is null or ${datasetEntries.tombstoneVersion} > ${number}))::int`,
    })
    .from(datasetEntries);
  return row ?? { durationMs: 0, clips: 0, withdrawn: 0 };
}

/** Counts what was given, by the rows of the database. */
export async function datasetFigures(): Promise<DatasetFigures> {
  const { db } = await database();
  const { language, level } = datasetEntries;
  const [total] = await db.select(figures).from(datasetEntries).where(isLive);
  const byLanguage = await db
    .select({ ...figures, language })
    .from(datasetEntries)
    .where(isLive)
    .groupBy(language)
    .orderBy(language);
  const byLevel = await db
    .select({ ...figures, level })
    .from(datasetEntries)
    .where(isLive)
    .groupBy(level)
    .orderBy(level);
  const versions = await publishedVersions();
  const publishing = await publicationUnderWay();
  const { object, line, reason } = datasetBadLines;
  return {
    total: total ?? NOTHING,
    byLanguage,
    byLevel,
    unpublished: await unpublished(Number(versions[0]?.name.slice(1) ?? 0)),
    badLines: {
      count: await db.$count(datasetBadLines),
      shown: await db
        .select({ object, line, reason })
        .from(datasetBadLines)
        .orderBy(desc(datasetBadLines.foundAt), object, line)
        .limit(BAD_LINES_SHOWN),
    },
    versions,
    publishing: publishing && {
      name: publishing.name,
      progress: publishing.progress,
      isInterrupted: publishing.isInterrupted,
    },
  };
}
