import { eq, isNull, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { newId } from '@/lib/core';
import { database } from '@/lib/server/db/database';
import { datasetBadLines, datasetEntries, datasetManifest } from '@/lib/server/db/schema';
import { objectStore } from '@/lib/server/objects';
import type { ObjectStore } from '@/lib/server/objects/store';
import { makeUser } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { compactManifest, compactOnce } from './compact';
import { SEGMENTS, sha256Of } from './dataset-objects';
import { exportSegment, exportSegments } from './export-segments';
import { datasetFigures } from './figures';
import { isEntryLine, readManifest } from './manifest';

const never = new AbortController().signal;

let giverId: string;

beforeEach(async () => {
  await withServer();
  giverId = await makeUser();
});

/** Puts entries into the database, as routes do. @returns their ids */
async function commitEntries(count: number): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, at) => {
    const id = newId();
    return {
      ...{ id, giverId, clip: sha256Of(id), durationMs: 1_000 + (at % 97) },
      ...{ text: `câu số ${at}`, asrText: 'cau so', language: 'vi', level: 'edited' as const },
      ...{ speaker: 'spk1', recording: 'rec1', ownRecording: 'one', modelId: 'draft' },
      ...{ licence: 'CC0-1.0' as const, wording: '2026-11-29', consentAt: new Date() },
    };
  });
  const { db } = await database();
  await db.insert(datasetEntries).values(rows);
  return rows.map(({ id }) => id);
}

async function withdraw(id: string): Promise<void> {
  const { db } = await database();
  await db
    .update(datasetEntries)
    .set({ withdrawnAt: sql`now()`, text: '', asrText: '', segment: null, claim: null })
    .where(eq(datasetEntries.id, id));
}

/** The store's lines are the database's rows: none is missing, none is twice, hours are exact. */
async function expectExact(): Promise<void> {
  const { db } = await database();
  const rows = await db.select().from(datasetEntries);
  const { lines, durationMs } = await readManifest(never);
  const live = rows.filter(({ withdrawnAt }) => withdrawnAt === null);
  const kept = [...lines.values()].filter(isEntryLine);
  expect(kept.map(({ id }) => id).sort()).toEqual(live.map(({ id }) => id).sort());
  expect(durationMs).toBe(live.reduce((sum, row) => sum + row.durationMs, 0));
  expect((await datasetFigures()).total).toMatchObject({ durationMs, clips: live.length });
}

const WRITES = ['put', 'putStream', 'delete'] as const;

/**
 * A store that fails at its writes, before or after doing what was asked.
 * @param fault asked at every write; `null`: none
 * @returns puts the store back
 */
function failWrites(fault: () => 'before' | 'after' | null): () => void {
  const store = objectStore();
  const kept: Pick<ObjectStore, (typeof WRITES)[number]> = {
    put: store.put,
    putStream: store.putStream,
    delete: store.delete,
  };
  const faulty =
    <A extends unknown[]>(act: (...args: A) => Promise<void>) =>
    async (...args: A): Promise<void> => {
      const when = fault();
      if (when === 'before') throw new Error('The store answered 503.');
      await act.apply(store, args);
      if (when === 'after') throw new Error('The answer was lost.');
    };
  store.put = faulty(kept.put);
  store.delete = faulty(kept.delete);
  return () => Object.assign(store, kept);
}

describe('the exporter', () => {
  it('writes every entry once, by however many exporters', async () => {
    await commitEntries(1_300);
    const lines = await Promise.all([1, 2, 3, 4].map(() => exportSegments(never)));
    expect(lines.reduce((sum, count) => sum + count)).toBe(1_300);
    expect(await exportSegments(never)).toBe(0);
    await expectExact();
  });

  it.each(['before', 'after'] as const)(
    'loses no line when its write fails %s it is done',
    async (when) => {
      await commitEntries(20);
      const restore = failWrites(() => when);
      await expect(exportSegment(never)).rejects.toThrow();
      restore();
      await exportSegments(never);
      await expectExact();
    },
  );

  it('resumes what another one had claimed when it died, a minute later', async () => {
    await commitEntries(20);
    const { db } = await database();
    await db.update(datasetEntries).set({ claim: newId(), claimedAt: sql`now()` });
    expect(await exportSegments(never)).toBe(0);
    await db.update(datasetEntries).set({ claimedAt: sql`now() - interval '2 minutes'` });
    expect(await exportSegments(never)).toBe(20);
    await expectExact();
  });

  it('writes what was withdrawn while it was being written once more', async () => {
    const [id = ''] = await commitEntries(3);
    const store = objectStore();
    const { put } = store;
    store.put = async (...args) => {
      await withdraw(id);
      await put.apply(store, args);
    };
    await exportSegment(never);
    store.put = put;
    expect(await exportSegments(never)).toBe(1);
    await expectExact();
  });
});

describe('the compactor', () => {
  it('merges segments, and withdrawn words are in no base that counts', async () => {
    const [first = ''] = await commitEntries(50);
    await exportSegments(never);
    await compactManifest(1);
    await withdraw(first);
    await commitEntries(50);
    await exportSegments(never);
    await compactManifest(1);
    await expectExact();
    const { lines } = await readManifest(never);
    expect(lines.get(first)).toEqual({ id: first, withdrawnAt: expect.any(String) });
    const segments = [];
    for await (const { key } of objectStore().list(SEGMENTS)) segments.push(key);
    expect(segments).toEqual([]);
  });

  it('leaves a few new segments for later', async () => {
    await commitEntries(5);
    await exportSegments(never);
    expect(await compactManifest()).toBe(false);
    expect(await compactManifest(1)).toBe(true);
  });

  it('loses no line when it is killed at any step, and the next one resumes', async () => {
    for (const when of ['before', 'after'] as const)
      for (let steps = 0; ; steps += 1) {
        const [id = ''] = await commitEntries(2);
        await exportSegments(never);
        await withdraw(id);
        await exportSegments(never);
        let left = steps;
        const restore = failWrites(() => (left-- > 0 ? null : when));
        const died = await compactOnce(never).then(
          () => false,
          () => true,
        );
        restore();
        await expectExact();
        // the next one resumes from there
        await compactOnce(never);
        await expectExact();
        if (!died) break;
      }
  });

  it('of which several run at once counts once', async () => {
    // of the first generation, and of a later one
    for (let generation = 0; generation < 2; generation += 1) {
      for (let count = 0; count < 4; count += 1) {
        await commitEntries(30);
        await exportSegments(never);
      }
      const made = await Promise.all([1, 2, 3].map(() => compactOnce(never)));
      expect(made.filter(Boolean)).toHaveLength(1);
      await expectExact();
    }
  });

  it('takes a base that is missing or was changed for an error, not for an empty one', async () => {
    await commitEntries(200);
    await exportSegments(never);
    await compactManifest(1);
    const store = objectStore();
    const bases: string[] = [];
    for await (const { key } of store.list('dataset/manifest/bases/')) bases.push(key);
    const [base = ''] = bases;
    await store.put(base, new TextEncoder().encode(''));
    await expect(readManifest(never)).rejects.toMatchObject({ code: 'UNKNOWN' });
    await commitEntries(200);
    await exportSegments(never);
    await expect(compactManifest(1)).rejects.toMatchObject({ code: 'UNKNOWN' });
    await store.delete(base);
    await expect(readManifest(never)).rejects.toMatchObject({ code: 'UNKNOWN' });
    await expect(compactManifest(1)).rejects.toMatchObject({ code: 'UNKNOWN' });
    const { db } = await database();
    expect(await db.select().from(datasetManifest)).toMatchObject([{ generation: 1 }]);
  });

  it('does not take a store that fails for one without a manifest', async () => {
    await commitEntries(40);
    await exportSegments(never);
    await compactManifest(1);
    const store = objectStore();
    const { get, list } = store;
    store.get = () => Promise.reject(new Error('503'));
    await expect(readManifest(never)).rejects.toThrow('503');
    store.get = get;
    store.list = () => {
      throw new Error('503');
    };
    await expect(readManifest(never)).rejects.toThrow('503');
    await expect(compactManifest(1)).rejects.toThrow('503');
    store.list = list;
    await expectExact();
  });

  it('reports lines that cannot be read by object and line, keeps them aside, and loses none', async () => {
    await commitEntries(4);
    await exportSegments(never);
    const store = objectStore();
    let key = '';
    for await (const found of store.list(SEGMENTS)) key = found.key;
    const text = await new Response((await store.get(key))?.body).text();
    const [first, second, ...rest] = text.trimEnd().split('\n');
    const broken = [first?.slice(0, 30), '{"id":"no"}', second, ...rest].join('\n');
    await store.put(key, new TextEncoder().encode(`${broken}\n`));
    await compactManifest(1);
    const { badLines } = await datasetFigures();
    expect(badLines.count).toBe(3);
    expect(badLines.shown.toSorted((a, b) => a.line - b.line)).toEqual([
      { object: key, line: 0, reason: 'not what was written' },
      { object: key, line: 1, reason: 'not JSON' },
      { object: key, line: 2, reason: expect.stringContaining('not a line of the manifest') },
    ]);
    const aside = await store.get(key.replace('/segments/', '/bad/'));
    expect(await new Response(aside?.body).text()).toBe(`${broken}\n`);
    // the rows of the damaged segment are written again
    expect(await exportSegments(never)).toBe(4);
    await compactManifest(1);
    await expectExact();
    const { db } = await database();
    expect(await db.$count(datasetBadLines)).toBe(3);
  });
});

/** The same course of chance in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

describe('many writers', () => {
  it('lose no line and write none twice while the store fails and compactors compete', async () => {
    const random = chance(7);
    const restore = failWrites(() => {
      const value = random();
      if (value < 0.08) return 'before';
      return value < 0.16 ? 'after' : null;
    });
    // on services every write is a request over the network
    const [writers, batches] = inject('serverBackends').kind === 'embedded' ? [32, 6] : [32, 3];
    let isDone = false;
    let missed = 0;
    const acknowledged = new Set<string>();
    const work = async (act: () => Promise<unknown>) => {
      while (!isDone) await act().catch(() => undefined);
    };
    const others = [
      work(() => compactOnce(never)),
      work(() => compactOnce(never)),
      work(async () => {
        const { db } = await database();
        const exported = await db
          .select({ id: datasetEntries.id })
          .from(datasetEntries)
          .where(
            sql`${datasetEntries.segment} is not null and ${datasetEntries.withdrawnAt} is null`,
          );
        const { lines } = await readManifest(never);
        missed += exported.filter(({ id }) => !lines.has(id)).length;
      }),
    ];
    await Promise.all(
      Array.from({ length: writers }, async () => {
        for (let count = 0; count < batches; count += 1) {
          const ids = await commitEntries(1 + Math.floor(random() * 4));
          for (const id of ids) acknowledged.add(id);
          if (random() < 0.2) await withdraw(ids[0] ?? '');
          await exportSegment(never).catch(() => undefined);
        }
      }),
    );
    isDone = true;
    await Promise.all(others);
    restore();
    await exportSegments(never);
    await expectExact();
    await compactOnce(never);
    await expectExact();
    expect(missed).toBe(0);
    const { lines } = await readManifest(never);
    expect([...acknowledged].filter((id) => !lines.has(id))).toEqual([]);
    const { db } = await database();
    expect(await db.$count(datasetEntries, isNull(datasetEntries.segment))).toBe(0);
  });
});
