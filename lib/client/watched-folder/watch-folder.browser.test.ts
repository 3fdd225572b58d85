import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { announce } from '@/lib/client/store/changes';
import { libraryLocks } from '@/lib/client/store/current-library';
import { closeDatabase } from '@/lib/client/store/db';
import { importTranscript } from '@/lib/client/store/import-transcript';
import { listWatchedFiles, putWatchedFolder } from '@/lib/client/store/watched-store';
import { createDecoder } from '@/workers/decode/client';
import { fixture } from '@/workers/decode/test-support';
import { fingerprintOf } from './folder-look';
import { watchFolder, watchStore } from './watch-folder';

const FOLDER = 'watched';
const LOCK = 'ai2text:watched-folder';

let folder: FileSystemDirectoryHandle;
let stop: () => void = () => undefined;

beforeEach(async () => {
  const root = await navigator.storage.getDirectory();
  folder = await root.getDirectoryHandle(FOLDER, { create: true });
});
afterEach(async () => {
  vi.restoreAllMocks();
  stop();
  await closeDatabase();
  indexedDB.deleteDatabase('ai2text');
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(FOLDER, { recursive: true });
});

/** A recording in the folder whose transcript is finished. */
async function putFinished(): Promise<void> {
  const bytes = await fixture('second.mp3');
  const out = await (await folder.getFileHandle('talk.mp3', { create: true })).createWritable();
  await out.write(bytes);
  await out.close();
  const transcriptId = await importTranscript({
    version: 1,
    id: crypto.randomUUID(),
    title: 'talk',
    language: 'en',
    createdAt: '2026-11-29T10:00:00.000Z',
    durationMs: 1_000,
    source: { name: 'talk.mp3', mediaType: 'audio/mpeg', sizeBytes: bytes.length, sha256: null },
    model: { id: 'm', backend: 'wasm', precision: 'fp32' },
    speakers: [],
    segments: [],
  });
  const fingerprint = await fingerprintOf(new Blob([bytes]));
  await putWatchedFolder({ id: 'folder', handle: folder, writes: 'srt' }, [
    { fingerprint, path: 'talk.mp3', state: 'taken', transcriptId, isWritten: false },
  ]);
}

function watch(): string[] {
  const written: string[] = [];
  stop = watchFolder(
    { id: 'folder', handle: folder, writes: 'srt' },
    {
      isMedia: ({ name }) => name.endsWith('.mp3'),
      createDecoder,
      take: async () => undefined,
      write: async ({ title }, format) => {
        written.push(`${title}.${format}`);
        return new Blob([title]);
      },
    },
  );
  return written;
}

async function namesIn(): Promise<string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names.sort();
}

it('writes a finished transcript beside its recording, once over reloads', async () => {
  await putFinished();
  const written = watch();
  await expect.poll(namesIn).toEqual(['talk.mp3', 'talk.srt']);
  await expect.poll(async () => (await listWatchedFiles())[0]?.isWritten).toBe(true);
  expect(written).toEqual(['talk.srt']);
  stop();
  const again = watch();
  // a look has ended when the folder that it looked at is gone
  await expect.poll(() => watchStore.getState().state).toBe('watching');
  expect(again).toEqual([]);
  expect(await namesIn()).toEqual(['talk.mp3', 'talk.srt']);
});

it('says what it could not write, and tries again', async () => {
  await putFinished();
  vi.spyOn(FileSystemFileHandle.prototype, 'createWritable').mockRejectedValueOnce(
    new DOMException('A test wants it.', 'NoModificationAllowedError'),
  );
  watch();
  await expect.poll(() => watchStore.getState().unwritten).toEqual(['talk.mp3']);
  expect((await listWatchedFiles())[0]?.isWritten).toBe(false);
  // no empty file is left
  expect(await namesIn()).toEqual(['talk.mp3']);
  const { now } = performance;
  vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 30_000);
  announce('watched-folder');
  await expect.poll(() => watchStore.getState().unwritten).toEqual([]);
  expect(await namesIn()).toEqual(['talk.mp3', 'talk.srt']);
  expect((await listWatchedFiles())[0]?.isWritten).toBe(true);
});

it('leaves the folder to the tab that watches it, and takes over when that is closed', async () => {
  await putFinished();
  let close: () => void = () => undefined;
  const held = new Promise<void>((granted) => {
    void libraryLocks().request(LOCK, () => {
      granted();
      return new Promise<void>((resolve) => {
        close = resolve;
      });
    });
  });
  await held;
  const written = watch();
  await expect.poll(() => watchStore.getState().state).toBe('other-tab');
  expect(written).toEqual([]);
  close();
  await expect.poll(() => watchStore.getState().state).toBe('watching');
  // the folder cannot be deleted while it is written to
  await expect.poll(async () => (await listWatchedFiles())[0]?.isWritten).toBe(true);
  expect(written).toEqual(['talk.srt']);
});
