import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { ACCOUNT_KEY, currentLibrary } from './current-library';
import { filesBytes, isFileOf, LIBRARY_FOLDERS, libraryFolder, removeFiles } from './library-files';
import { adoptMedia, getMedia, keepMedia, removeOrphans } from './media';
import { finishMove, moveLibrary } from './move-library';
import { removeLibrary } from './remove-library';
import { ALICE, BOB, contentsOf, putOldDatabase, removeAllLibraries } from './test-libraries';

// this page is Alice's: that is decided once, by what the browser has noted
localStorage.setItem(ACCOUNT_KEY, JSON.stringify({ id: ALICE, name: 'Alice' }));

// other files' pages are of the same browser, and nobody's
afterAll(() => localStorage.removeItem(ACCOUNT_KEY));

const never = new AbortController().signal;

afterEach(async () => {
  vi.restoreAllMocks();
  for (const library of [null, ALICE, BOB]) await removeFiles(library);
  await removeAllLibraries();
});

/** Puts a file as older builds did: in a folder of the root. */
async function putOldFile(folder: string, name: string, text: string): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const into = await root.getDirectoryHandle(folder, { create: true });
  const out = await (await into.getFileHandle(name, { create: true })).createWritable();
  await out.write(text);
  await out.close();
}

/** All files of a library with what is in them. */
async function filesIn(library: string | null): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of LIBRARY_FOLDERS) {
    const folder = await libraryFolder(library, name);
    for await (const file of folder?.keys() ?? [])
      found[`${name}/${file}`] =
        (await (await (await folder?.getFileHandle(file))?.getFile())?.text()) ?? '';
  }
  return found;
}

const mediaOf = async (library: string | null) =>
  Object.fromEntries(
    ((await contentsOf(library)).transcripts as { id: string; media: string }[]).map(
      ({ id, media }) => [id, media],
    ),
  );

async function putTwo(): Promise<void> {
  await putOldDatabase([
    { id: 'a', title: 'Kept', media: 'kept' },
    { id: 'b', title: 'Broke off', state: 'partial', media: 'recording' },
    { id: 'c', title: 'Half copied', state: 'partial', media: 'copying' },
  ]);
  await putOldFile('media', 'a', 'sound of a');
  await putOldFile('recordings', 'b', 'raw sound of b');
  await putOldFile('recordings', 'b.final', 'copy of b');
}

describe('the recordings of a library', () => {
  it('are stored in its own folders', async () => {
    expect(currentLibrary()).toBe(ALICE);
    await putOldFile('media', 'x', 'signed out');
    await keepMedia('x', new Blob(['of Alice']), never);
    expect(await (await getMedia('x'))?.text()).toBe('of Alice');
    expect(await filesIn(null)).toEqual({ 'media/x': 'signed out' });
    expect(await filesBytes(ALICE)).toBe(8);
    // those of no transcript are removed from one's own only
    await removeOrphans(async () => false);
    expect(await filesIn(ALICE)).toEqual({});
    expect(await filesIn(null)).toEqual({ 'media/x': 'signed out' });
  });

  it('are moved from the folder of recordings in progress', async () => {
    const folder = await libraryFolder(ALICE, 'recordings');
    const out = await (await folder?.getFileHandle('r.final', { create: true }))?.createWritable();
    await out?.write('recorded');
    await out?.close();
    await adoptMedia('r', { folder: 'recordings', file: new File([], 'r.final') });
    expect(await filesIn(ALICE)).toEqual({ 'media/r': 'recorded' });
    await expect(
      adoptMedia('r', { folder: 'recordings', file: new File([], 'r.final') }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('move with their transcripts, interrupted ones included', async () => {
    await putTwo();
    expect(await moveLibrary(null, ALICE)).toEqual({ moved: 3, left: 0 });
    expect(await filesIn(null)).toEqual({});
    expect(await filesIn(ALICE)).toEqual({
      'media/a': 'sound of a',
      'recordings/b': 'raw sound of b',
      'recordings/b.final': 'copy of b',
    });
    // the tab that copied the third is gone: its file is asked for
    expect(await mediaOf(ALICE)).toEqual({ a: 'kept', b: 'recording', c: 'none' });
  });

  it.each([0, 1, 2])(
    'are all there after a move that broke off at file %i was ended',
    async (at) => {
      await putTwo();
      const move = FileSystemFileHandle.prototype as unknown as {
        move: (folder: FileSystemDirectoryHandle, name: string) => Promise<void>;
      };
      const real = move.move;
      let moved = 0;
      const failing = vi.spyOn(move, 'move').mockImplementation(function (
        this: FileSystemFileHandle,
        folder,
        name,
      ) {
        if (moved++ >= at) throw new Error('the computer went off');
        return real.call(this, folder, name);
      });
      await expect(moveLibrary(null, ALICE)).rejects.toMatchObject({ code: 'STORE_FAILED' });
      failing.mockRestore();
      // one that is on its way is not an orphan
      await removeOrphans(async (id) =>
        ((await contentsOf(ALICE)).transcripts as { id: string }[]).some((row) => row.id === id),
      );
      await finishMove();
      expect(await filesIn(null)).toEqual({});
      expect(await filesIn(ALICE)).toEqual({
        'media/a': 'sound of a',
        'recordings/b': 'raw sound of b',
        'recordings/b.final': 'copy of b',
      });
      expect(await mediaOf(ALICE)).toEqual({ a: 'kept', b: 'recording', c: 'none' });
      expect((await contentsOf(null)).transcripts).toEqual([]);
    },
  );

  it('are copied if the browser cannot move them, whole or not at all', async () => {
    await putTwo();
    const prototype = FileSystemFileHandle.prototype as unknown as { move: unknown };
    const { move } = prototype;
    prototype.move = undefined;
    try {
      await moveLibrary(null, ALICE);
    } finally {
      prototype.move = move;
    }
    expect(await filesIn(null)).toEqual({});
    expect((await filesIn(ALICE))['media/a']).toBe('sound of a');
  });

  it('are removed with their library, without touching others', async () => {
    await putTwo();
    await keepMedia('x', new Blob(['of Alice']), never);
    await removeLibrary(null);
    expect(await filesIn(null)).toEqual({});
    expect(await filesIn(ALICE)).toEqual({ 'media/x': 'of Alice' });
  });

  it('are distinguished by the whole id', () => {
    expect(isFileOf('a', 'a')).toBe(true);
    expect(isFileOf('a.final', 'a')).toBe(true);
    expect(isFileOf('ab', 'a')).toBe(false);
  });
});
