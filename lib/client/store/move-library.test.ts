import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeDatabase, storing, storingIn } from './db';
import { accountOf, libraryName } from './library';
import { finishMove, moveLibrary } from './move-library';
import { libraryContents, removeLibrary } from './remove-library';
import { getSetting, setSetting } from './settings';
import { prepareLibraries } from './take-over';
import {
  ALICE,
  BOB,
  contentsOf,
  putOldDatabase,
  removeAllLibraries,
  stubLocalStorage,
} from './test-libraries';
import { getTranscript, listTranscripts, readTranscript } from './transcripts';
import { keepValue } from './unsaved';
import { keepStep } from './unsaved-steps';

const OF_TRANSCRIPTS = ['transcripts', 'jobs', 'segments', 'words', 'peaks', 'shareLinks'];

// no private files here, as in browsers that have none
beforeEach(() => void vi.stubGlobal('navigator', {}));
afterEach(async () => {
  vi.unstubAllGlobals();
  await removeAllLibraries();
});

const titlesIn = async (library: string | null) => (await libraryContents(library))?.titles ?? [];

/** The rows of transcripts, by store. */
async function rowsIn(library: string | null): Promise<Record<string, number>> {
  const contents = await contentsOf(library);
  return Object.fromEntries(OF_TRANSCRIPTS.map((name) => [name, contents[name]?.length ?? 0]));
}

describe('a library of an older build', () => {
  it('is the library without an account, under its old name', async () => {
    await putOldDatabase([{ id: 'a', title: 'Old talk' }], {
      settings: { backend: 'wasm', vocabulary: ['Zuidema'] },
    });
    await prepareLibraries(null);
    expect((await listTranscripts()).map(({ title }) => title)).toEqual(['Old talk']);
    expect(await readTranscript('a')).toMatchObject({ segments: [{ text: 'Old talk' }] });
    expect(await getSetting('backend')).toBe('wasm');
    expect(await getSetting('vocabulary')).toEqual(['Zuidema']);
  });

  it.each([
    ['the page of the account that used it', ALICE],
    ['the page of another account', BOB],
    ['a page of nobody, after the session ran out', null],
  ])('becomes that of who was signed in, by %s', async (_who, opened) => {
    const sync = {
      owner: ALICE,
      signedIn: true,
      revision: 7,
      shows: { [ALICE]: true, [BOB]: false },
    };
    await putOldDatabase(
      [
        { id: 'a', title: 'Budget' },
        { id: 'b', title: 'Half done', state: 'partial' },
      ],
      { sync, settings: { backend: 'webgpu', vocabulary: ['Zuidema'] } },
    );
    await storingIn(null, (db) => db.put('outbox', { transcriptId: 'gone', deletedAt: 5 }));
    await prepareLibraries(opened);
    expect(await titlesIn(null)).toEqual([]);
    expect(await titlesIn(BOB)).toEqual([]);
    expect(await rowsIn(ALICE)).toEqual(
      Object.fromEntries(OF_TRANSCRIPTS.map((name) => [name, 2])),
    );
    expect(await rowsIn(null)).toEqual(Object.fromEntries(OF_TRANSCRIPTS.map((name) => [name, 0])));
    const { settings, outbox } = await contentsOf(ALICE);
    expect(settings).toContainEqual({ name: 'vocabulary', value: ['Zuidema'] });
    expect(settings).toContainEqual({ name: 'sync', value: { ...sync, shows: { [ALICE]: true } } });
    // the deletion that was not sent yet, and what is shown on other devices
    expect(outbox).toContainEqual({ transcriptId: 'gone', deletedAt: 5 });
    expect(outbox).toContainEqual({ transcriptId: 'a', deletedAt: null });
    expect(outbox).toHaveLength(2);
    // what is about the device stays where every library looks for it
    expect((await contentsOf(null)).settings).toEqual([{ name: 'backend', value: 'webgpu' }]);
  });

  it('stays where it is if its user had signed out, and is offered to that account alone', async () => {
    const sync = { owner: ALICE, signedIn: false, revision: 0, shows: { [ALICE]: true } };
    await putOldDatabase([{ id: 'a', title: 'Budget' }], { sync });
    const { mayBeOfferedTo } = await import('./take-over');
    for (const page of [null, BOB, ALICE]) {
      await prepareLibraries(page);
      expect(await titlesIn(null)).toEqual(['Budget']);
    }
    expect(await mayBeOfferedTo(BOB)).toBe(false);
    expect(await mayBeOfferedTo(ALICE)).toBe(true);
    // what was chosen about other devices is the account's from now on
    expect((await contentsOf(ALICE)).settings).toEqual([
      { name: 'sync', value: { ...sync, shows: { [ALICE]: true } } },
    ]);
    await moveLibrary(null, ALICE);
    expect(await titlesIn(ALICE)).toEqual(['Budget']);
    // from here on it is nobody's
    expect(await mayBeOfferedTo(BOB)).toBe(true);
  });
});

describe('a move', () => {
  const three = () =>
    putOldDatabase([
      { id: 'a', title: 'One' },
      { id: 'b', title: 'Two', state: 'partial' },
      { id: 'c', title: 'Three', state: 'partial' },
    ]);

  it('moves everything, and appends jobs to the target’s queue', async () => {
    await three();
    await storingIn(ALICE, async (db) => {
      const job = await storingIn(null, (other) => other.get('jobs', 'b'));
      if (job) await db.put('jobs', { ...job, id: 'mine', order: 9 });
    });
    expect(await moveLibrary(null, ALICE)).toEqual({ moved: 3, left: 0 });
    expect(await titlesIn(null)).toEqual([]);
    const jobs = await storingIn(ALICE, (db) => db.getAll('jobs'));
    const queue = jobs.sort((one, other) => one.order - other.order).map(({ id }) => id);
    expect(queue).toEqual(['mine', 'a', 'b', 'c']);
    // a file that was open in a tab is asked for, a whole one is not there in this test
    expect(jobs.find(({ id }) => id === 'b')).toMatchObject({ intent: 'queued', nextIndex: 1 });
  });

  it.each([
    ['before anything is written', 'transcripts', 0],
    ['after the first is written', 'transcripts', 1],
    ['between two of them', 'transcripts', 2],
  ])(
    'that breaks off %s is ended at the next start: none is lost, none is there twice',
    async (_when, store, after) => {
      await three();
      // the disk fails, as a crash would, at a write of the nth transcript or at what follows it
      const put = IDBObjectStore.prototype.put;
      let written = 0;
      const failing = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
        this: IDBObjectStore,
        ...args
      ) {
        if (this.name === store && written++ >= after) throw new Error('the computer went off');
        return put.apply(this, args);
      });
      await expect(moveLibrary(null, ALICE)).rejects.toMatchObject({ code: 'STORE_FAILED' });
      failing.mockRestore();
      await closeDatabase();
      await prepareLibraries(null);
      expect((await titlesIn(ALICE)).sort()).toEqual(['One', 'Three', 'Two']);
      expect(await rowsIn(ALICE)).toEqual(
        Object.fromEntries(OF_TRANSCRIPTS.map((name) => [name, 3])),
      );
      expect(await titlesIn(null)).toEqual([]);
      await finishMove();
      expect(await getSetting('moving')).toBeNull();
    },
  );

  it('does not overwrite later changes after an interruption', async () => {
    await three();
    const remove = vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(() => {
      throw new Error('the computer went off');
    });
    await expect(moveLibrary(null, ALICE)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    remove.mockRestore();
    await storingIn(ALICE, async (db) => {
      const record = await db.get('transcripts', 'a');
      if (record) await db.put('transcripts', { ...record, title: 'Renamed' });
    });
    await finishMove();
    expect((await titlesIn(ALICE)).sort()).toEqual(['Renamed', 'Three', 'Two']);
  });

  it('leaves transcripts that another tab is recording or reading', async () => {
    await three();
    const held = [{ name: 'ai2text:recording:b' }, { name: `ai2text:${BOB}:source:c` }];
    vi.stubGlobal('navigator', {
      locks: {
        query: async () => ({ held }),
        request: async (_name: string, step: () => Promise<unknown>) => step(),
      },
    });
    expect(await moveLibrary(null, ALICE)).toEqual({ moved: 2, left: 1 });
    expect(await titlesIn(null)).toEqual(['Two']);
    expect(await rowsIn(null)).toEqual(Object.fromEntries(OF_TRANSCRIPTS.map((name) => [name, 1])));
  });

  it('does not replace a vocabulary of the account', async () => {
    await putOldDatabase([{ id: 'a', title: 'One' }], {
      settings: { vocabulary: ['Zuidema'], language: 'nl' },
    });
    await storingIn(ALICE, (db) => db.put('settings', { name: 'language', value: 'de' }));
    await moveLibrary(null, ALICE);
    const { settings } = await contentsOf(ALICE);
    expect(settings).toEqual([
      { name: 'language', value: 'de' },
      { name: 'vocabulary', value: ['Zuidema'] },
    ]);
    expect((await contentsOf(null)).settings).toEqual([{ name: 'language', value: 'nl' }]);
  });

  it('takes what pages had not stored yet with it: edits, names and the vocabulary', async () => {
    const kept = stubLocalStorage();
    await three();
    const undo = { kind: 'undo' as const };
    keepStep('a', 't', undo);
    keepValue('name:b', 'Renamed');
    keepValue('name:a/m', 'Her answer');
    keepValue('setting:vocabulary', ['Zuidema']);
    keepStep('other', 't', undo);
    expect((await libraryContents(null))?.terms).toBe(1);
    await moveLibrary(null, ALICE);
    const moved = `ai2text:unsaved:ai2text:${ALICE}:`;
    expect(kept).toEqual({
      [`${moved}a:t`]: JSON.stringify(undo),
      [`${moved}name:b`]: '"Renamed"',
      [`${moved}name:a/m`]: '"Her answer"',
      'ai2text:unsaved:ai2text:other:t': JSON.stringify(undo),
    });
    expect((await contentsOf(ALICE)).settings).toContainEqual({
      name: 'vocabulary',
      value: ['Zuidema'],
    });
  });

  it('stores names that come into the library of this page', async () => {
    const kept = stubLocalStorage();
    await putOldDatabase([{ id: 'a', title: 'One' }]);
    await moveLibrary(null, ALICE);
    kept[`ai2text:unsaved:ai2text:${ALICE}:name:a`] = '"Renamed"';
    await moveLibrary(ALICE, null);
    expect((await getTranscript('a'))?.title).toBe('Renamed');
    expect(kept).toEqual({});
  });

  it.each(['stored', 'kept'])(
    'does not replace a %s vocabulary by one that was kept',
    async (how) => {
      const kept = stubLocalStorage();
      await three();
      keepValue('setting:vocabulary', ['Zuidema']);
      if (how === 'stored')
        await storingIn(ALICE, (db) => db.put('settings', { name: 'vocabulary', value: ['Ann'] }));
      else kept[`ai2text:unsaved:ai2text:${ALICE}:setting:vocabulary`] = '["Ann"]';
      await moveLibrary(null, ALICE);
      const own = { name: 'vocabulary', value: ['Ann'] };
      expect((await contentsOf(ALICE)).settings).toEqual(how === 'stored' ? [own] : []);
      expect(kept['ai2text:unsaved:ai2text:setting:vocabulary']).toBe('["Zuidema"]');
    },
  );

  it('leaves nothing behind in the library of a deleted account', async () => {
    await three();
    await moveLibrary(null, ALICE);
    await storingIn(ALICE, (db) => db.put('outbox', { transcriptId: 'x', deletedAt: 1 }));
    await moveLibrary(ALICE, null);
    expect((await titlesIn(null)).sort()).toEqual(['One', 'Three', 'Two']);
    for (const rows of Object.values(await contentsOf(ALICE))) expect(rows).toEqual([]);
  });
});

describe('libraries', () => {
  it('are separate, and one can be removed without the others', async () => {
    await putOldDatabase([{ id: 'a', title: 'Mine' }], { settings: { backend: 'wasm' } });
    await storingIn(ALICE, (db) => db.put('settings', { name: 'vocabulary', value: ['Ann'] }));
    expect(await storingIn(ALICE, (db) => db.get('transcripts', 'a'))).toBeUndefined();
    await setSetting('vocabulary', ['Zuidema']);
    await removeLibrary(null);
    expect(await getTranscript('a')).toBeNull();
    expect(await storing((db) => db.getAll('jobs'))).toEqual([]);
    expect(await getSetting('vocabulary')).toEqual([]);
    expect(await getSetting('backend')).toBe('wasm');
    expect((await contentsOf(ALICE)).settings).toHaveLength(1);
  });

  it('have names from which their account can be derived', () => {
    expect(libraryName(null)).toBe('ai2text');
    expect(accountOf(libraryName(ALICE))).toBe(ALICE);
    for (const name of ['ai2text', 'ai2text:models', 'other', `ai2text:${ALICE}:x`])
      expect(accountOf(name)).toBeNull();
  });
});
