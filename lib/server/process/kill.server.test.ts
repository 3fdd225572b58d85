import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { database } from '@/lib/server/db/database';
import { identities, users } from '@/lib/server/db/schema';
import { objectStore } from '@/lib/server/objects/object-store';
import { startChild } from '@/lib/server/testing/test-child';
import { withServer } from '@/lib/server/testing/test-support';

const ROUNDS = 4;

/** Runs a writer for a while and kills it. @returns what it had acknowledged until then */
async function killedWriter(what: 'rows' | 'objects', forMs: number): Promise<string[]> {
  const writer = startChild('writer', what);
  const said: string[] = [];
  for (let line = await writer.said(); line !== null; line = await writer.said()) {
    if (line === 'ready') setTimeout(() => void writer.kill(), forMs);
    else said.push(line);
  }
  return said;
}

test('has everything that was acknowledged before a kill, and nothing by halves', {
  timeout: 180_000,
}, async () => {
  await withServer({ database: 'own' });
  const said: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const forMs = 200 + Math.random() * 800;
    const both = [killedWriter('rows', forMs), killedWriter('objects', forMs)];
    said.push(...(await Promise.all(both)).flat());
  }
  // the lock of a killed process, and its half-written pages, are no trouble
  expect(said.filter((line) => line.startsWith('failed'))).toEqual([]);

  const { db } = await database();
  const rows = await db.select({ id: users.id }).from(users);
  const ids = new Set(rows.map(({ id }) => id));
  const acknowledged = said.flatMap((line) => (line.startsWith('row ') ? [line.slice(4)] : []));
  expect(acknowledged.length).toBeGreaterThan(ROUNDS);
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  const pairs = await db
    .select({ id: users.id })
    .from(users)
    .innerJoin(identities, eq(identities.userId, users.id));
  expect(pairs).toHaveLength(rows.length);

  const store = objectStore();
  const keys = said.flatMap((line) => (line.startsWith('object ') ? [line.slice(7)] : []));
  expect(keys.length).toBeGreaterThan(ROUNDS);
  const stored: string[] = [];
  for await (const { key } of store.list('killed/')) {
    const found = await store.get(key);
    // whole, also those that nobody was notified of
    expect(await new Response(found?.body).text()).toBe(key.repeat(2_000));
    stored.push(key);
  }
  expect(keys.filter((key) => !stored.includes(key))).toEqual([]);
  console.log(`${acknowledged.length} rows and ${keys.length} objects over ${ROUNDS} kills`);
});
