import { expect, inject, it } from 'vitest';
import { SPLITS } from '@/lib/contracts';
import { database } from '@/lib/server/db/database';
import { datasetEntries, leases } from '@/lib/server/db/schema';
import { objectStore } from '@/lib/server/objects/object-store';
import { startChild } from '@/lib/server/testing/test-child';
import { withServer } from '@/lib/server/testing/test-support';
import { compactOnce } from './compact';
import { versionKey } from './dataset-objects';
import { exportSegments } from './export-segments';
import { datasetFigures } from './figures';
import { isEntryLine, readManifest } from './manifest';
import { continuePublishing, requestVersion } from './publish';

const never = new AbortController().signal;
const isFull = process.env.TEST_LOAD === 'full';

/** The embedded database is one process's: there one does everything. */
const KINDS = (
  inject('serverBackends').kind === 'services'
    ? ['give', 'export', 'compact', 'compact', 'publish']
    : ['give,export,compact,publish']
).map((does) => ({ does, kills: isFull ? 15 : 3 }));

/** Writes until a process dies: a version alone has some thirty. */
const MOST_WRITES = 40;

const below = (count: number) => Math.floor(Math.random() * count);

/** Runs processes one after the other, each until it dies. @returns what they had acknowledged */
async function killAgainAndAgain(does: string, kills: number): Promise<string[]> {
  const said: string[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const when = (['before', 'during', 'after'] as const)[kill % 3] ?? 'after';
    const child = startChild('dataset-process', does, String(1 + below(MOST_WRITES)), when);
    for (let line = await child.said(); line !== null; line = await child.said()) said.push(line);
  }
  return said;
}

/** Runs until the others are over: it makes no write by which it could die. */
async function giveUntil(over: Promise<unknown>): Promise<string[]> {
  const child = startChild('dataset-process', 'give', '1', 'before');
  const said: string[] = [];
  void over.finally(() => child.kill());
  for (let line = await child.said(); line !== null; line = await child.said()) said.push(line);
  return said;
}

async function idsOf(name: string): Promise<string[]> {
  const ids: string[] = [];
  for (const split of SPLITS) {
    const found = await objectStore().get(versionKey(name, `${split}.jsonl`));
    const text = await new Response(found?.body).text();
    for (const line of text.split('\n').filter(Boolean)) ids.push(JSON.parse(line).id);
  }
  return ids;
}

it('no line is lost, none is there twice and hours are exact when exporters, compactors and publishers are killed', {
  timeout: isFull ? 1_200_000 : 180_000,
}, async () => {
  await withServer({ database: 'own' });
  const mortal = KINDS.filter(({ does }) => does !== 'give');
  const dying = Promise.all(mortal.map(({ does, kills }) => killAgainAndAgain(does, kills)));
  const said = mortal.length < KINDS.length ? await giveUntil(dying) : [];
  said.push(...(await dying).flat());
  const ids = (what: string) =>
    said.flatMap((line) => (line.startsWith(what) ? [line.slice(what.length)] : []));
  const given = ids('given ');
  const withdrawn = ids('withdrawn ');
  expect(given.length).toBeGreaterThan(5);

  // a minute later
  const { db } = await database();
  await db.update(datasetEntries).set({ claim: null, claimedAt: null });
  await db.delete(leases);
  await exportSegments(never);
  while (await compactOnce(never));
  const rows = await db.select().from(datasetEntries);
  const live = rows.filter((row) => row.withdrawnAt === null);
  const liveIds = live.map(({ id }) => id).sort();
  expect(given.filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
  expect(withdrawn.filter((id) => liveIds.includes(id))).toEqual([]);
  const manifest = await readManifest(never);
  const lines = [...manifest.lines.values()].filter(isEntryLine);
  expect(lines.map(({ id }) => id).sort()).toEqual(liveIds);
  const durationMs = live.reduce((sum, row) => sum + row.durationMs, 0);
  expect(manifest.durationMs).toBe(durationMs);

  // the one that was being written when its process died, and the one after it
  while ((await requestVersion()) !== 'unchanged') await continuePublishing();
  const { versions, total, publishing } = await datasetFigures();
  expect(publishing).toBeNull();
  expect(total).toMatchObject({ durationMs, clips: live.length });
  expect(versions[0]).toMatchObject({ durationMs, clips: live.length });
  expect((await idsOf(versions[0]?.name ?? '')).sort()).toEqual(liveIds);
  console.info(
    `${mortal.reduce((sum, { kills }) => sum + kills, 0)} kills: ${given.length} lines, ${versions.length} versions`,
  );
});
