import { createHash } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { continuePublishing, requestVersion, sweepDataset } from '@/lib/server/dataset';
import { database } from '@/lib/server/db/database';
import { leases } from '@/lib/server/db/schema';
import { objectStore } from '@/lib/server/objects';
import { forgetSingleton } from '@/lib/server/process';
import { makeUser, type SignedIn, signInAs } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { call, figuresOf, giveMany } from './test-giving';

const LATEST = 'dataset/manifests/latest.json';

let owner: SignedIn;
let giver: SignedIn;

beforeEach(async () => {
  await withServer();
  owner = await signInAs(await makeUser({ role: 'owner' }));
  giver = await signInAs(await makeUser());
});

/** Lets the next write of a matching key reach the store, with all its bytes, only once it is let go. */
function holdWrite(wanted: RegExp): { held: Promise<void>; letGo(): void } {
  const store = objectStore();
  const { put, putStream } = store;
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let found: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    found = resolve;
  });
  const wait = async () => {
    Object.assign(store, { put, putStream });
    found();
    await gate;
  };
  Object.assign(store, {
    put: async (...args: Parameters<typeof put>) => {
      if (wanted.test(args[0])) await wait();
      return put.apply(store, args);
    },
    putStream: async (...[key, source, options]: Parameters<typeof putStream>) => {
      if (!wanted.test(key)) return putStream.apply(store, [key, source, options]);
      const pieces: Uint8Array[] = [];
      for await (const piece of source) pieces.push(piece);
      await wait();
      return put.apply(store, [key, Buffer.concat(pieces), options]);
    },
  });
  return { held, letGo };
}

/** As if this process had stood still for longer than its lease, and another one went on. */
async function replaceProcess(): Promise<void> {
  forgetSingleton('dataset-publishing');
  const { db } = await database();
  await db.delete(leases);
}

async function hashOf(path: string): Promise<string> {
  const answer = await call.file(owner, 'v1', path);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return createHash('sha256').update(bytes).digest('hex');
}

it.each([
  ['what train.jsonl is made of', /\/drafts\/v1\//],
  ['train.jsonl', /v1\/train\.jsonl$/],
  ['a file made of it', /v1\/lhotse\/cuts_train/],
  ['tombstones.jsonl', /v1\/tombstones\.jsonl$/],
  ['dataset.json', /v1\/dataset\.json$/],
  ['the name of the newest version', /latest\.json$/],
])('a publisher that was replaced while it wrote %s changes nothing', async (_what, wanted) => {
  const [entry] = await giveMany(giver, 6, (at) => ({ speaker: `s${at}`, recording: `r${at}` }));
  await requestVersion();
  const { held, letGo } = holdWrite(wanted);
  const replaced = continuePublishing();
  await held;
  await replaceProcess();
  await call.withdraw(giver, entry?.id ?? '');
  await continuePublishing();
  await giveMany(giver, 1);
  await requestVersion();
  expect(await continuePublishing()).toMatchObject({ name: 'v2' });
  letGo();
  await replaced;

  const { versions, publishing } = await figuresOf(await call.figures(owner));
  expect(versions.map(({ name }) => name)).toEqual(['v2', 'v1']);
  expect(publishing).toBeNull();
  for (const { path, sha256 } of versions[1]?.files ?? [])
    expect(await hashOf(path), path).toBe(sha256);
  const latest = await objectStore().get(LATEST);
  expect(await new Response(latest?.body).json()).toMatchObject({ name: 'v2' });
  const left: string[] = [];
  for await (const { key } of objectStore().list('dataset/drafts/')) left.push(key);
  expect(left).toEqual([]);
});

it('the name of the newest version is written again when a process that died had overwritten it', async () => {
  await giveMany(giver, 2);
  await requestVersion();
  await continuePublishing();
  const { body } = (await objectStore().get(LATEST)) ?? {};
  const right = await new Response(body).text();
  await objectStore().put(LATEST, new TextEncoder().encode(right.replaceAll('v1', 'v0')));
  await sweepDataset(0);
  const found = await objectStore().get(LATEST);
  expect(await new Response(found?.body).text()).toBe(right);
});
