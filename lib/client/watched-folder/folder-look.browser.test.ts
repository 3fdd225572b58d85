import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WatchedFileRecord } from '@/lib/client/store/watched-store';
import { createDecoder } from '@/workers/decode/client';
import { fixture } from '@/workers/decode/test-support';
import { FolderLook, ignoredFiles, STILL_MS, whyNotWhole } from './folder-look';
import { writeBeside } from './watch-folder';

const FOLDER = 'watched';
const { signal } = new AbortController();
const isMedia = ({ name }: File) => /\.(wav|mp3|m4a)$/.test(name);

let folder: FileSystemDirectoryHandle;
let wav: Uint8Array<ArrayBuffer>;
let mp3: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  const root = await navigator.storage.getDirectory();
  folder = await root.getDirectoryHandle(FOLDER, { create: true });
  wav = await fixture('speech.wav');
  mp3 = await fixture('second.mp3');
});
afterEach(async () => {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(FOLDER, { recursive: true });
});

async function put(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const steps = path.split('/');
  const name = steps.pop() ?? path;
  let at = folder;
  for (const step of steps) at = await at.getDirectoryHandle(step, { create: true });
  const out = await (await at.getFileHandle(name, { create: true })).createWritable();
  await out.write(bytes);
  await out.close();
}

/** A page that watches the folder: what it stores outlives it, as what it has taken does. */
function openPage(
  stored = new Map<string, WatchedFileRecord>(),
  jobs = new Map<string, number>(),
  crash: 'before the job' | 'after the job' | null = null,
  watched = folder,
) {
  let nowMs = 0;
  const looker = new FolderLook({
    folder: watched,
    now: () => nowMs,
    isMedia,
    listKnown: async () => [...stored.values()],
    putKnown: async (record) => void stored.set(record.fingerprint, { ...record }),
    whyNotWhole: (file, ofCheck) => whyNotWhole(file, createDecoder, ofCheck),
    async take(file, id) {
      if (crash === 'before the job') throw new Error('The tab was closed.');
      jobs.set(id, file.size);
      if (crash === 'after the job') throw new Error('The tab was closed.');
    },
    hasJob: async (id) => jobs.has(id),
  });
  /** Sizes of the files that have been taken so far, in order. */
  const taken = () => [...jobs.values()];
  const look = async (afterMs = 0) => {
    nowMs += afterMs;
    return looker.look(signal);
  };
  /** As long as it takes for what stands still to be taken. */
  const settle = async () => {
    await look();
    return look(STILL_MS);
  };
  return { look, settle, taken, stored, jobs };
}

it('takes a file that is written slowly once it has stood still, and not before', async () => {
  const page = openPage();
  for (const share of [0.2, 0.5, 0.8, 1]) {
    await put('talk.wav', wav.slice(0, wav.length * share));
    expect(await page.look(STILL_MS - 1)).toEqual({ settling: 1, refused: [] });
    expect(page.taken()).toEqual([]);
  }
  await page.look(STILL_MS);
  await page.look(STILL_MS);
  expect(page.taken()).toEqual([wav.length]);
});

it('refuses a file whose copying has paused, and takes it once it is whole', async () => {
  const page = openPage();
  await put('talk.wav', wav.slice(0, wav.length * 0.6));
  const refused = [{ path: 'talk.wav', reason: 'cut-off' }];
  expect(await page.settle()).toEqual({ settling: 0, refused });
  expect(await page.look(STILL_MS)).toEqual({ settling: 0, refused });
  await put('talk.wav', wav);
  expect(await page.settle()).toEqual({ settling: 0, refused: [] });
  expect(page.taken()).toEqual([wav.length]);
});

it('takes one whose place was taken first and filled later, under the same size and time', async () => {
  const flac = await fixture('speech.flac');
  const empty = new Uint8Array(flac.length);
  empty.set(flac.subarray(0, flac.length / 2));
  let content = empty;
  const file = {
    kind: 'file',
    getFile: async () => new File([content], 'talk.wav', { lastModified: 1 }),
  };
  const entries = async function* () {
    yield ['talk.wav', file] as const;
  };
  // as much of a folder as is used
  const watched = { entries } as unknown as FileSystemDirectoryHandle;
  const page = openPage(new Map(), new Map(), null, watched);
  expect((await page.settle()).refused).toHaveLength(1);
  content = flac;
  expect((await page.look()).refused).toEqual([]);
  expect(page.taken()).toEqual([flac.length]);
});

it('refuses one of which only a hundredth is missing', async () => {
  const page = openPage();
  await put('talk.wav', wav.slice(0, wav.length * 0.99));
  expect((await page.settle()).refused).toEqual([{ path: 'talk.wav', reason: 'cut-off' }]);
  expect(page.taken()).toEqual([]);
});

it('takes a file once, whatever it is called later, and its copies never', async () => {
  const page = openPage();
  await put('talk.wav', wav);
  await page.settle();
  await folder.removeEntry('talk.wav');
  await put('renamed.wav', wav);
  await put('copies/copy.wav', wav);
  await page.settle();
  expect(page.taken()).toEqual([wav.length]);
  expect([...page.stored.values()].map(({ path }) => path)).toEqual(['copies/copy.wav']);
});

it('keeps what others have noted of a recording that is moved', async () => {
  const page = openPage();
  await put('talk.wav', wav);
  await page.settle();
  for (const [key, record] of page.stored) page.stored.set(key, { ...record, isWritten: true });
  await folder.removeEntry('talk.wav');
  await put('moved/talk.wav', wav);
  await page.settle();
  expect([...page.stored.values()]).toMatchObject([{ path: 'moved/talk.wav', isWritten: true }]);
});

it('takes other content under the same name, in folders below, too', async () => {
  const page = openPage();
  await put('a/b/talk.wav', wav);
  await page.settle();
  await put('a/b/talk.wav', new Uint8Array(await new Blob([mp3]).arrayBuffer()));
  await page.settle();
  expect(page.taken()).toEqual([wav.length, mp3.length]);
});

it('leaves alone what was there before, what is hidden, empty or no recording', async () => {
  await put('old.wav', wav);
  const ignored = await ignoredFiles(folder, isMedia);
  const page = openPage(new Map(ignored.map((one) => [one.fingerprint, one])));
  expect(await page.look()).toEqual({ settling: 0, refused: [] });
  await put('.talk.wav', mp3);
  await put('talk.txt', mp3);
  await put('empty.wav', new Uint8Array());
  await page.settle();
  expect(page.taken()).toEqual([]);
  await put('new.mp3', mp3);
  await page.settle();
  expect(page.taken()).toEqual([mp3.length]);
});

it('says why it does not take what holds no sound', async () => {
  const page = openPage();
  await put('talk.wav', new TextEncoder().encode('This is not a recording at all.'));
  expect((await page.settle()).refused).toEqual([
    { path: 'talk.wav', reason: 'DECODE_UNSUPPORTED' },
  ]);
});

it('takes each file once over reloads, also one whose tab was closed on the way', async () => {
  const first = openPage();
  await put('talk.wav', wav);
  await first.settle();
  const second = openPage(first.stored, first.jobs);
  await second.settle();
  expect(second.taken()).toEqual([wav.length]);

  await put('second.mp3', mp3);
  const broken = openPage(first.stored, first.jobs, 'before the job');
  await expect(broken.settle()).rejects.toThrow('closed');
  await openPage(first.stored, first.jobs).settle();
  expect(second.taken()).toEqual([wav.length, mp3.length]);
});

it('does not take a file again whose job was stored as the tab was closed', async () => {
  await put('talk.wav', wav);
  const broken = openPage(new Map(), new Map(), 'after the job');
  await expect(broken.settle()).rejects.toThrow('closed');
  const next = openPage(broken.stored, broken.jobs);
  await next.settle();
  expect(next.taken()).toEqual([wav.length]);
  // its job was finished and removed: it stays taken
  next.jobs.clear();
  const last = openPage(next.stored, next.jobs);
  await last.settle();
  expect(last.taken()).toEqual([]);
});

it('writes a transcript beside a recording and never over another file', async () => {
  await put('a/talk.wav', wav);
  await put('a/talk.txt', new TextEncoder().encode('notes of somebody'));
  const text = (path: string) =>
    path
      .split('/')
      .slice(0, -1)
      .reduce(async (at, step) => (await at).getDirectoryHandle(step), Promise.resolve(folder))
      .then(async (at) =>
        (await (await at.getFileHandle(path.split('/').at(-1) ?? '')).getFile()).text(),
      );
  expect(await writeBeside(folder, 'a/talk.wav', 'txt', new Blob(['said']))).toBe('a/talk 2.txt');
  expect(await writeBeside(folder, 'a/talk.wav', 'srt', new Blob(['1']))).toBe('a/talk.srt');
  expect(await text('a/talk.txt')).toBe('notes of somebody');
  expect(await text('a/talk 2.txt')).toBe('said');
});
