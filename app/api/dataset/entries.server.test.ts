import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { newId } from '@/lib/core';
import { sweepDataset } from '@/lib/server/dataset';
import { database } from '@/lib/server/db/database';
import { datasetClips, datasetEntries, datasetUploads, users } from '@/lib/server/db/schema';
import { metricsPage } from '@/lib/server/limits';
import { objectStore } from '@/lib/server/objects';
import { makeUser, type SignedIn, signInAs } from '@/lib/server/testing/sign-in';
import { makeFlac } from '@/lib/server/testing/test-flac';
import { withServer } from '@/lib/server/testing/test-support';
import {
  call,
  entryFor,
  figuresOf,
  givenOf,
  giveOne,
  pageOf,
  stateOf,
  upload,
} from './test-giving';

let giver: SignedIn;
let other: SignedIn;
let owner: SignedIn;

beforeEach(async () => {
  await withServer();
  giver = await signInAs(await makeUser());
  other = await signInAs(await makeUser());
  owner = await signInAs(await makeUser({ role: 'owner' }));
});

const isStored = async (clip: string) =>
  (await objectStore().get(`dataset/clips/${clip.slice(0, 2)}/${clip}.flac`)) !== null;

describe('an entry', () => {
  it('is acknowledged when it is committed, and sending it again changes nothing', async () => {
    const clip = makeFlac({ samples: 20_000 });
    await upload(giver, clip);
    const entry = entryFor(clip);
    for (let times = 0; times < 3; times += 1)
      expect(await givenOf(await call.give(giver, [entry]))).toEqual({
        accepted: [entry.id],
        refused: [],
      });
    const { items } = await pageOf(await call.list(giver));
    expect(items).toMatchObject([
      {
        id: entry.id,
        durationMs: 1250,
        state: 'waiting',
        isMine: true,
        version: null,
        recording: entry.recording,
      },
    ]);
    expect((await figuresOf(await call.figures(giver))).total).toEqual({
      durationMs: 1250,
      clips: 1,
      speakers: 1,
    });
  });

  it('was agreed to when it came, at the latest, whatever its giver’s clock says', async () => {
    const clip = makeFlac({ samples: 20_000 });
    await upload(giver, clip);
    const { consent, ...entry } = entryFor(clip);
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const late = { ...entry, consent: { ...consent, at: inAnHour } };
    for (let times = 0; times < 2; times += 1)
      expect((await givenOf(await call.give(giver, [late]))).accepted).toEqual([entry.id]);
    const { db } = await database();
    const [stored] = await db.select().from(datasetEntries);
    expect(stored?.consentAt.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['long before the wording was shown', '2020-01-01T00:00:00.000Z'],
    ['two days before the wording was shown', '2026-11-27T00:00:00.000Z'],
    ['far ahead', '2099-01-01T00:00:00.000Z'],
  ])(
    'that was agreed to %s is refused by its id, and the others of the batch are taken',
    async (_, at) => {
      const clips = [makeFlac({ seed: 3 }), makeFlac({ seed: 4 })];
      for (const clip of clips) await upload(giver, clip);
      const [wrong, right] = clips.map((clip) => entryFor(clip));
      const sent = { ...wrong, consent: { ...wrong?.consent, at } };
      const { accepted, refused } = await givenOf(await call.give(giver, [sent, right]));
      expect(accepted).toEqual([right?.id]);
      expect(refused).toEqual([{ id: wrong?.id, reason: 'consent_time' }]);
    },
  );

  it('is taken however long its browser was offline', async () => {
    vi.setSystemTime('2029-06-01');
    onTestFinished(() => void vi.useRealTimers());
    const session = await signInAs(await makeUser());
    const onFirstDay = { ...entryFor(makeFlac()).consent, at: '2026-11-29T00:00:01.000Z' };
    await giveOne(session, { consent: onFirstDay });
    const { db } = await database();
    const [stored] = await db.select().from(datasetEntries);
    expect(stored?.consentAt.toISOString()).toBe(onFirstDay.at);
  });

  it('is taken by a server whose clock is before the wording’s day', async () => {
    vi.setSystemTime('2026-01-01');
    onTestFinished(() => void vi.useRealTimers());
    const session = await signInAs(await makeUser());
    const { consent } = entryFor(makeFlac());
    for (const at of ['2026-01-01T00:00:00.000Z', consent.at])
      await giveOne(session, { consent: { ...consent, at } });
  });

  it('without a checked clip is refused by its id, and the others of the batch are taken', async () => {
    const clip = makeFlac();
    await upload(giver, clip);
    const taken = entryFor(clip);
    const missing = entryFor(makeFlac({ seed: 2 }));
    const { accepted, refused } = await givenOf(await call.give(giver, [missing, taken]));
    expect(accepted).toEqual([taken.id]);
    expect(refused).toEqual([{ id: missing.id, reason: 'clip_missing' }]);
  });

  it('under an id of something else, or of somebody else’s clip, is refused', async () => {
    const entry = await giveOne(giver);
    const reasons = async (as: SignedIn, sent: object) =>
      (await givenOf(await call.give(as, [sent]))).refused.map(({ reason }) => reason);
    expect(await reasons(giver, { ...entry, text: 'another text' })).toEqual(['conflict']);
    expect(await reasons(other, entry)).toEqual(['conflict']);
    expect(await reasons(other, { ...entry, id: newId() })).toEqual(['taken']);
  });

  it('takes the place of the one that its giver gave for this clip before', async () => {
    const first = await giveOne(giver);
    const second = { ...first, id: newId(), text: 'the boat had already come' };
    expect((await givenOf(await call.give(giver, [second]))).accepted).toEqual([second.id]);
    const { items } = await pageOf(await call.list(giver));
    expect(items.map(({ id, state, text }) => [id, state, text])).toEqual([
      [second.id, 'waiting', 'the boat had already come'],
      [first.id, 'withdrawn', ''],
    ]);
    expect((await figuresOf(await call.figures(giver))).total.clips).toBe(1);
  });

  it('is counted once when it is sent many times at once', async () => {
    const clip = makeFlac();
    await upload(giver, clip);
    const entry = entryFor(clip);
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => givenOf(await call.give(giver, [entry]))),
    );
    for (const { refused } of answers) expect(refused).toEqual([]);
    expect((await figuresOf(await call.figures(giver))).total.clips).toBe(1);
  });

  it.each([
    ['a wording nobody wrote', { consent: { wording: '2020-01-01' } }],
    ['a licence of no kind', { consent: { licence: 'MINE' } }],
    ['no text', { text: '   ' }],
    ['an unknown level', { level: 'recognised' }],
    ['a length of its own', { durationMs: 5 }],
    ['a name', { speaker: 'Ada Lovelace' }],
  ])('with %s is not valid', async (_, wrong) => {
    const entry = entryFor(makeFlac());
    const consent = { ...entry.consent, ...('consent' in wrong ? wrong.consent : {}) };
    expect((await call.give(giver, [{ ...entry, ...wrong, consent }])).status).toBe(400);
  });
});

describe('the figures', () => {
  it('are by language and by level', async () => {
    await giveOne(giver, { language: 'de', level: 'confirmed', speaker: 'a' });
    await giveOne(giver, { language: 'en', speaker: 'a' });
    await giveOne(other, { language: 'en', speaker: 'a' });
    const { total, byLanguage, byLevel } = await figuresOf(await call.figures(other));
    expect(total).toMatchObject({ clips: 3, speakers: 2 });
    expect(byLanguage.map(({ language, clips }) => [language, clips])).toEqual([
      ['de', 1],
      ['en', 2],
    ]);
    expect(byLevel.map(({ level, speakers }) => [level, speakers])).toEqual([
      ['confirmed', 1],
      ['edited', 2],
    ]);
    const parts = byLanguage.reduce((sum, { durationMs }) => sum + durationMs, 0);
    expect(parts).toBe(total.durationMs);
  });
});

describe('the metrics', () => {
  it('count entries by what becomes of them, and clips by how their check ended', async () => {
    const { id } = await giveOne(giver);
    await giveOne(giver);
    await call.withdraw(giver, id);
    const { text } = await metricsPage();
    expect(text).toContain('ai2text_dataset_lines{state="given"} 1');
    expect(text).toContain('ai2text_dataset_lines{state="waiting"} 2');
    expect(text).toMatch(/ai2text_dataset_clips_total\{outcome="stored"\} [1-9]/);
  });
});

describe('withdrawing', () => {
  it('removes the text and the clip at once, and cannot be undone by sending it again', async () => {
    const entry = await giveOne(giver);
    expect((await call.withdraw(giver, entry.id)).status).toBe(204);
    expect((await call.withdraw(giver, entry.id)).status).toBe(204);
    expect(await isStored(entry.clip)).toBe(false);
    const { db } = await database();
    const [row] = await db.select().from(datasetEntries).where(eq(datasetEntries.id, entry.id));
    expect(row).toMatchObject({ text: '', asrText: '' });
    expect((await givenOf(await call.give(giver, [entry]))).refused).toEqual([
      { id: entry.id, reason: 'withdrawn' },
    ]);
    expect((await figuresOf(await call.figures(giver))).total.clips).toBe(0);
  });

  it('is for the giver and the owner', async () => {
    const entry = await giveOne(giver);
    expect((await call.withdraw(other, entry.id)).status).toBe(404);
    expect((await call.withdraw(undefined, entry.id)).status).toBe(401);
    expect((await call.withdraw(owner, entry.id)).status).toBe(204);
  });

  it('can be for all of a recording', async () => {
    await giveOne(giver, { recording: 'first' });
    await giveOne(giver, { recording: 'first' });
    const stays = await giveOne(giver, { recording: 'second' });
    await giveOne(other, { recording: 'first' });
    const answer = await call.withdrawRecording(giver, 'first');
    expect(await answer.json()).toEqual({ withdrawn: 2 });
    expect((await figuresOf(await call.figures(giver))).total.clips).toBe(2);
    expect(await isStored(stays.clip)).toBe(true);
  });

  it('leaves the clip to the sweep when the store is down', async () => {
    const entry = await giveOne(giver);
    const store = objectStore();
    const remove = store.delete;
    store.delete = () => Promise.reject(new Error('The store is down.'));
    expect((await call.withdraw(giver, entry.id)).status).toBe(204);
    // meanwhile nobody can give a clip that is about to go
    expect((await call.announce(giver, makeFlac({ seed: 3 }))).status).toBe(200);
    store.delete = remove;
    expect(await isStored(entry.clip)).toBe(true);
    await sweepDataset(0);
    expect(await isStored(entry.clip)).toBe(false);
  });
});

describe('the list', () => {
  it('comes in pages, newest first, and is one’s own', async () => {
    const given: string[] = [];
    for (let count = 0; count < 5; count += 1) given.unshift((await giveOne(giver)).id);
    await giveOne(other);
    const ids: string[] = [];
    let after: string | null = '';
    do {
      const query: string = `?limit=2${after ? `&after=${after}` : ''}`;
      const page = await pageOf(await call.list(giver, query));
      ids.push(...page.items.map(({ id }) => id));
      after = page.next;
    } while (after !== null);
    expect(ids).toEqual(given);
  });

  it('is of all for the owner alone, who sees no names of others’ recordings', async () => {
    await giveOne(giver);
    expect((await call.list(giver, '?of=all')).status).toBe(403);
    const { items } = await pageOf(await call.list(owner, '?of=all'));
    expect(items).toMatchObject([{ isMine: false, recording: null }]);
  });
});

describe('the sweep', () => {
  const DAY_AGO = new Date(Date.now() - 25 * 60 * 60_000);

  it('removes uploads that nobody went on with, and no others', async () => {
    const [old, young] = [makeFlac({ seed: 5, samples: 400_000, isNoise: true }), makeFlac()];
    await call.announce(giver, old);
    await call.put(giver, old.sha256, 0, old.bytes.slice(0, 2 ** 18));
    const { db } = await database();
    await db.update(datasetUploads).set({ touchedAt: DAY_AGO });
    await call.announce(giver, young);
    await sweepDataset(0);
    const left = await db.select().from(datasetUploads);
    expect(left.map(({ sha256 }) => sha256)).toEqual([young.sha256]);
    expect(await stateOf(await call.announce(giver, old))).toMatchObject({ offset: 0 });
  });

  it('removes clips that were never given with a text, and keeps those that were', async () => {
    const unused = makeFlac({ seed: 6 });
    await upload(giver, unused);
    const used = await giveOne(giver);
    const { db } = await database();
    await sweepDataset(0);
    expect(await isStored(unused.sha256)).toBe(true);
    await db.update(datasetClips).set({ storedAt: DAY_AGO });
    await sweepDataset(0);
    expect(await isStored(unused.sha256)).toBe(false);
    expect(await isStored(used.clip)).toBe(true);
  });

  it('keeps what was given when the account of its giver is deleted', async () => {
    const entry = await giveOne(giver);
    const { db } = await database();
    await db.delete(users).where(eq(users.id, giver.userId));
    await sweepDataset(0);
    expect(await isStored(entry.clip)).toBe(true);
    expect((await call.withdraw(owner, entry.id)).status).toBe(204);
  });
});
