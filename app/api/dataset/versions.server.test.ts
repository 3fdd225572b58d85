import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type DatasetVersion, type NewEntry, SPLITS, type Split } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import {
  continuePublishing,
  copyVersion,
  datasetFigures,
  requestVersion,
} from '@/lib/server/dataset';
import { database } from '@/lib/server/db/database';
import { datasetVersions } from '@/lib/server/db/schema';
import { objectStore } from '@/lib/server/objects';
import { sweep } from '@/lib/server/start';
import { makeUser, type SignedIn, signInAs } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { call, figuresOf, giveMany, giveOne, pageOf, publishedOf } from './test-giving';

let dataDir: string;
let owner: SignedIn;
let giver: SignedIn;

beforeEach(async () => {
  ({ dataDir } = await withServer());
  owner = await signInAs(await makeUser({ role: 'owner' }));
  giver = await signInAs(await makeUser());
});

async function publish(): Promise<DatasetVersion> {
  const { state, version } = await publishedOf(await call.publish(owner));
  // on a slow store it is still being written after the answer
  const whole = state === 'publishing' ? await continuePublishing() : version;
  if (state === 'unchanged' || !whole) throw new Error(`Nothing was published: ${state}`);
  return whole;
}

async function bytesOf(name: string, path: string): Promise<Uint8Array> {
  const answer = await call.file(owner, name, path);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function textOf(name: string, path: string): Promise<string> {
  return new TextDecoder().decode(await bytesOf(name, path));
}

/** The lines of a file, each of which ends with a line feed. */
async function linesOf(name: string, path: string): Promise<string[]> {
  const text = await textOf(name, path);
  if (text !== '' && !text.endsWith('\n')) throw new Error(`${path} breaks off.`);
  return text.split('\n').slice(0, -1);
}

type Line = Record<string, string | number>;

async function utterances(name: string, split: Split): Promise<Line[]> {
  return (await linesOf(name, `${split}.jsonl`)).map((line) => JSON.parse(line));
}

async function allIds(name: string): Promise<string[]> {
  const all = await Promise.all(SPLITS.map((split) => utterances(name, split)));
  return all.flat().map(({ id }) => String(id));
}

/** Several speakers, some with several clips. */
async function giveSome(count = 8): Promise<NewEntry[]> {
  return giveMany(giver, count, (at) => {
    const who = Math.floor(at / 2);
    return { speaker: `s${who}`, recording: `r${who}`, text: `Größe  und “${at % 10}” ` };
  });
}

describe('a version', () => {
  it('is what its hashes, counts and the newest one say', async () => {
    const entries = await giveSome();
    const version = await publish();
    expect(version).toMatchObject({ name: 'v1', clips: 8, speakers: 4, withdrawn: 0 });
    const sums = await linesOf('v1', 'SHA256SUMS');
    expect(sums).toHaveLength(version.files.length - 1);
    for (const { path, sha256, sizeBytes } of version.files) {
      const bytes = await bytesOf('v1', path);
      expect(bytes.length, path).toBe(sizeBytes);
      expect(createHash('sha256').update(bytes).digest('hex'), path).toBe(sha256);
      if (path !== 'SHA256SUMS') expect(sums).toContain(`${sha256}  ${path}`);
    }
    const index = JSON.parse(await textOf('v1', 'dataset.json'));
    expect(index).toMatchObject({
      clips: 8,
      durationMs: version.durationMs,
      licences: { 'CC0-1.0': 8 },
      consentWordings: { '2026-11-29': 8 },
      emptySplits: [],
      previous: null,
    });
    expect((await allIds('v1')).sort()).toEqual(entries.map(({ id }) => id).sort());
    const latest = await objectStore().get('dataset/manifests/latest.json');
    expect(await new Response(latest?.body).json()).toMatchObject({
      name: 'v1',
      sha256: version.sha256,
    });
    const { unpublished, total } = await figuresOf(await call.figures(giver));
    expect(unpublished).toEqual({ clips: 0, durationMs: 0, withdrawn: 0 });
    expect(total.durationMs).toBe(version.durationMs);
    const { items } = await pageOf(await call.list(giver));
    expect(new Set(items.map(({ state, version: name }) => `${state} ${name}`))).toEqual(
      new Set(['published v1']),
    );
  });

  it('has the same utterances in the form of every tool', async () => {
    await giveSome();
    await publish();
    for (const split of SPLITS) {
      const lines = await utterances('v1', split);
      const kaldi = async (file: string) =>
        (await linesOf('v1', `kaldi/${split}/${file}`)).map((line) => {
          const at = line.indexOf(' ');
          return [line.slice(0, at), line.slice(at + 1)] as const;
        });
      const ids = lines.map(({ utterance }) => String(utterance));
      expect(ids).toEqual([...ids].sort());
      for (const file of ['wav.scp', 'text', 'utt2spk', 'utt2dur'])
        expect((await kaldi(file)).map(([id]) => id)).toEqual(ids);
      expect((await kaldi('text')).map(([, text]) => text)).toEqual(lines.map(({ text }) => text));
      const ofSpeaker = (await kaldi('spk2utt')).flatMap(([speaker, of]) =>
        of.split(' ').map((id) => `${id} ${speaker}`),
      );
      expect(ofSpeaker).toEqual(await linesOf('v1', `kaldi/${split}/utt2spk`));
      const cuts = gunzipSync(await bytesOf('v1', `lhotse/cuts_${split}.jsonl.gz`))
        .toString()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line));
      expect(cuts.map(({ id }) => id)).toEqual(ids);
      expect(cuts.map(({ supervisions: [one] }) => one.text)).toEqual(
        lines.map(({ text }) => text),
      );
      expect(cuts.map(({ recording }) => recording.num_samples / 16_000)).toEqual(
        lines.map(({ duration }) => duration),
      );
      const rows = (await linesOf('v1', `huggingface/${split}/metadata.jsonl`)).map((line) =>
        JSON.parse(line),
      );
      expect(rows.map(({ id }) => id)).toEqual(lines.map(({ id }) => id));
      for (const { audio_filepath, sha256, duration, text } of lines) {
        expect(audio_filepath).toBe(`../../clips/${String(sha256).slice(0, 2)}/${sha256}.flac`);
        expect(String(duration)).toMatch(/^1(\.\d{1,3})?$/);
        // spaces are single, whatever was typed
        expect(text).toMatch(/^Größe und “\d”$/);
        const clip = await bytesOf('v1', String(audio_filepath).replace('../../', ''));
        expect(createHash('sha256').update(clip).digest('hex')).toBe(sha256);
      }
    }
  });

  it('is the only one while nothing changes', async () => {
    expect(await publishedOf(await call.publish(owner))).toEqual({
      state: 'unchanged',
      version: null,
    });
    await giveSome(2);
    const version = await publish();
    expect(await publishedOf(await call.publish(owner))).toEqual({ state: 'unchanged', version });
  });

  it('has a speaker and a recording in one split, as the one before had them', async () => {
    await giveSome(12);
    await publish();
    const splitOf = async (name: string) => {
      const found = new Map<string, Split>();
      for (const split of SPLITS)
        for (const { speaker, recording } of await utterances(name, split))
          for (const member of [speaker, recording].map(String)) {
            expect(found.get(member) ?? split).toBe(split);
            found.set(member, split);
          }
      return found;
    };
    const before = await splitOf('v1');
    await giveSome(12);
    // somebody else’s voice may have the same name in their library
    await giveOne(owner, { speaker: 's0' });
    const { name } = await publish();
    const after = await splitOf(name);
    expect(after.size).toBeGreaterThan(before.size);
    for (const [member, split] of before) expect(after.get(member)).toBe(split);
  });

  it('leaves out what was withdrawn, says so, and gives its clip out no more', async () => {
    const [gone, ...stay] = await giveSome();
    if (!gone) throw new Error('Nothing was given.');
    const first = await publish();
    await call.withdraw(giver, gone.id);
    expect((await figuresOf(await call.figures(owner))).unpublished.withdrawn).toBe(1);
    const second = await publish();
    expect(second).toMatchObject({ name: 'v2', clips: 7, withdrawn: 1 });
    expect((await allIds('v2')).sort()).toEqual(stay.map(({ id }) => id).sort());
    expect(JSON.parse(await textOf('v2', 'tombstones.jsonl'))).toMatchObject({
      id: gone.id,
      sha256: gone.clip,
      firstVersion: 'v1',
      leftOutFrom: 'v2',
    });
    const path = `clips/${gone.clip.slice(0, 2)}/${gone.clip}.flac`;
    expect((await call.file(owner, 'v1', path)).status).toBe(404);
    // the older one is as it was
    expect((await allIds('v1')).length).toBe(8);
    const { versions } = await figuresOf(await call.figures(owner));
    expect(versions).toEqual([second, first]);
  });

  it('of few speakers says which splits are empty', async () => {
    await giveOne(giver);
    await publish();
    expect(JSON.parse(await textOf('v1', 'dataset.json')).emptySplits).toEqual(['dev', 'test']);
  });

  it('is not there before all of it is, and is whole after a process was killed at any step', async () => {
    await giveSome(4);
    const store = objectStore();
    const { put, putStream } = store;
    let left = 0;
    let isWriting = false;
    const killed =
      <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        // a store that sends a short stream in one piece takes one step, too
        if (isWriting) return act.apply(store, args);
        left -= 1;
        if (left < 0) throw new Error('The process was killed.');
        isWriting = true;
        try {
          return await act.apply(store, args);
        } finally {
          isWriting = false;
        }
      };
    store.put = killed(put);
    store.putStream = killed(putStream);
    let kills = 0;
    await requestVersion();
    const progress: number[] = [];
    for (let steps = 0; ; steps += 1) {
      // a file at most is written at a time: what an earlier process has written stays
      left = steps % 2;
      // past the routes, which do not let anyone publish or ask so often
      const outcome = await continuePublishing().catch(() => null);
      if (outcome) break;
      kills += 1;
      const { publishing, versions } = await datasetFigures();
      if (publishing) progress.push(publishing.progress);
      // the last step of all is the newest one's name: the version counts by then
      if (versions.length > 0) break;
      expect((await call.file(owner, 'v1', 'train.jsonl')).status).toBe(404);
      expect(await store.get('dataset/manifests/latest.json')).toBeNull();
    }
    // every file is written once, and its process killed at the next
    expect(kills).toBeGreaterThan(40);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(new Set(progress).size).toBeGreaterThan(10);
    left = Number.POSITIVE_INFINITY;
    const { state, version } = await publishedOf(await call.publish(owner));
    expect(state).toBe('published');
    expect(version).toMatchObject({ name: 'v1', clips: 4 });
    expect((await figuresOf(await call.figures(owner))).publishing).toBeNull();
    expect(await store.get('dataset/manifests/latest.json')).not.toBeNull();
    expect(await allIds('v1')).toHaveLength(4);
  });

  it('does not have what was given after it was begun, however often it was interrupted', async () => {
    const entries = await giveSome(4);
    const store = objectStore();
    const { putStream } = store;
    let left = 1;
    store.putStream = async (...args) => {
      left -= 1;
      if (left < 0) throw new AppError('SERVER_BUSY', 'The store does not answer.');
      return putStream.apply(store, args);
    };
    expect((await call.publish(owner)).status).toBe(503);
    const { publishing } = await figuresOf(await call.figures(owner));
    expect(publishing).toMatchObject({ name: 'v1', isInterrupted: true });
    left = Number.POSITIVE_INFINITY;
    await giveSome(2);
    await sweep();
    await vi.waitFor(
      async () => expect((await figuresOf(await call.figures(owner))).publishing).toBeNull(),
      { timeout: 20_000 },
    );
    expect((await allIds('v1')).sort()).toEqual(entries.map(({ id }) => id).sort());
    expect(await publish()).toMatchObject({ name: 'v2', clips: 6 });
  });

  it('is copied into a folder with its clips, and a copy that was interrupted resumes', async () => {
    const entries = await giveSome(4);
    const version = await publish();
    const folder = join(dataDir, 'copy');
    const signal = new AbortController().signal;
    const copied = { name: 'v1', files: version.files.length, clips: 4, withdrawn: 0 };
    expect(await copyVersion({ folder, signal })).toEqual(copied);
    for (const { path, sha256 } of version.files) {
      const bytes = await readFile(join(folder, 'manifests/v1', path));
      expect(createHash('sha256').update(bytes).digest('hex'), path).toBe(sha256);
    }
    const [{ clip } = { clip: '' }] = entries;
    const file = join(folder, 'clips', clip.slice(0, 2), `${clip}.flac`);
    const whole = await readFile(file);
    const linked = join(folder, 'manifests/v1/huggingface/test/clips', clip.slice(0, 2));
    expect(await readFile(join(linked, `${clip}.flac`))).toEqual(whole);
    await writeFile(file, 'half of it');
    await call.withdraw(giver, entries[1]?.id ?? '');
    // what is there already is not asked for again
    expect(await copyVersion({ folder, name: 'v1', signal })).toEqual(copied);
    expect(await readFile(file)).toEqual(whole);
    const other = join(dataDir, 'other');
    expect(await copyVersion({ folder: other, signal })).toMatchObject({ clips: 3, withdrawn: 1 });
    await expect(copyVersion({ folder, name: 'v2', signal })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('is not copied when an object is not what it says', async () => {
    await giveSome(2);
    await publish();
    await objectStore().put('dataset/manifests/v1/train.jsonl', new TextEncoder().encode('{}\n'));
    const signal = new AbortController().signal;
    const copying = copyVersion({ folder: join(dataDir, 'copy'), signal });
    await expect(copying).rejects.toThrow('not what the version says');
  });

  it('is published by one of two who press at once', async () => {
    await giveSome(4);
    const answers = await Promise.all([call.publish(owner), call.publish(owner)]);
    const statuses = answers.map(({ status }) => status).sort();
    expect([
      [200, 200],
      [200, 503],
    ]).toContainEqual(statuses);
    const { db } = await database();
    expect(await db.$count(datasetVersions)).toBe(1);
  });
});

describe('the routes of versions', () => {
  it('are for the owner', async () => {
    await giveOne(giver);
    expect((await call.publish(giver)).status).toBe(403);
    expect((await call.publish(undefined)).status).toBe(401);
    await publish();
    expect((await call.file(giver, 'v1', 'train.jsonl')).status).toBe(403);
    expect((await call.figures(undefined)).status).toBe(401);
  });

  it('give out nothing else', async () => {
    await giveOne(giver);
    await publish();
    for (const path of ['../latest.json', 'train.jsonl~', 'kaldi/train', 'clips/../train.jsonl'])
      expect((await call.file(owner, 'v1', path)).status, path).toBe(404);
    expect((await call.file(owner, 'v2', 'train.jsonl')).status).toBe(404);
  });
});
