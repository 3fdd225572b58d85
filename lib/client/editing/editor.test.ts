import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  addJobs,
  getSegments,
  getTranscript,
  getWords,
  importTranscript,
  type SegmentRecord,
} from '@/lib/client/store';
import { readTranscriptFile } from '@/lib/import/read-file';
import type { Edit, Speaker } from '@/lib/transcript';
import { createEditor, type Editor, type EditorView, openEditor } from './editor';

it('knows a speaker who was added, while the page has only read what was stored before', async () => {
  const source = { name: 'a.wav', mediaType: 'audio/wav', sizeBytes: 1, sha256: null };
  await addJobs([{ id: 'a1', title: 'A', source, media: 'none' }]);
  let read: readonly Speaker[] = [];
  const shown: (readonly Speaker[] | undefined)[] = [];
  const editor = createEditor('a1', {
    rows: () => [],
    wordsOf: () => undefined,
    speakers: () => read,
    show: ({ speakers }) => shown.push(speakers?.after),
  });
  const ada = { id: 's1', name: 'Ada' };
  const ben = { id: 's2', name: 'Ben' };

  editor.edit({ kind: 'speakers', speakers: [ada] });
  expect(editor.speakers()).toEqual([ada]);
  // read before the edit was stored, and shown after it was made
  read = [];
  editor.edit({ kind: 'speakers', speakers: [...editor.speakers(), ben] });
  expect(editor.speakers()).toEqual([ada, ben]);
  expect(editor.state.getState().speakers).toEqual([ada, ben]);

  await editor.settled();
  // what is read from here on may not be there yet
  expect(shown.at(-1)).toEqual([ada, ben]);
  expect((await getTranscript('a1'))?.speakers).toEqual([ada, ben]);
  // from here on it is what the page reads, which may come from another tab
  read = [ben];
  expect(editor.speakers()).toEqual([ben]);
});

describe('what was typed', () => {
  let id: string;
  let row: SegmentRecord;
  let kept: Map<string, string>;

  /** Its keys are its own properties, as those of the browser's. */
  const storage = () =>
    new Proxy(
      {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => kept.set(key, value),
        removeItem: (key: string) => kept.delete(key),
      },
      {
        ownKeys: () => [...kept.keys()],
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      },
    );

  const onPage = (view: Partial<EditorView> = {}): Editor =>
    createEditor(id, {
      rows: () => [],
      wordsOf: () => undefined,
      speakers: () => [],
      show: () => undefined,
      ...view,
    });
  const typed = (seen: string, text: string): Edit => ({
    kind: 'text',
    changes: [{ row, seen, text }],
  });
  const text = async () => (await getSegments(id)).map((one) => one.text);
  /** The disk is full until this is called. */
  const fillDisk = () => {
    const { put } = IDBObjectStore.prototype;
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      value: unknown,
    ) {
      if (this.name === 'edits') throw new DOMException('A test wants it.', 'QuotaExceededError');
      return put.call(this, value);
    });
    return () => full.mockRestore();
  };

  beforeEach(async () => {
    const file = new File(['1\n00:00:00,000 --> 00:00:04,000\none two three\n'], 'a.srt');
    id = await importTranscript(await readTranscriptFile(file));
    [row] = (await getSegments(id)) as [SegmentRecord];
    kept = new Map();
    vi.stubGlobal('localStorage', storage());
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it('is stored by itself once there is room, and is said not to be until then', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const empty = fillDisk();
    const editor = onPage();
    editor.edit(typed('one two three', 'one too three'));
    await editor.settled();
    editor.edit(typed('one too three', 'one too free'));
    await editor.settled();
    expect(editor.state.getState()).toMatchObject({
      status: 'failed',
      problem: { code: 'STORE_QUOTA' },
    });
    await vi.advanceTimersByTimeAsync(5_000);
    await editor.settled();
    expect(editor.state.getState().status).toBe('failed');
    empty();
    await vi.advanceTimersByTimeAsync(5_000);
    await editor.settled();
    expect(editor.state.getState()).toMatchObject({ status: 'saved', problem: null });
    expect(await text()).toEqual(['one too free']);
  });

  it('announces the step that comes after an edit, once', async () => {
    const editor = onPage();
    const later = vi.fn();
    for (const next of [
      () => editor.typed(),
      () => editor.undo(),
      () => editor.edit(typed('one two three', 'one')),
    ]) {
      editor.edit(typed('one two three', 'one too three'));
      editor.onNextStep(later);
      expect(later).not.toHaveBeenCalled();
      next();
      editor.undo();
      expect(later).toHaveBeenCalledTimes(1);
      later.mockClear();
    }
    await editor.settled();
  });

  it('is not said to be saved while more has been typed than was stored', async () => {
    const editor = onPage();
    editor.typed();
    editor.edit(typed('one two three', 'one too three'));
    editor.typed();
    await editor.settled();
    expect(await text()).toEqual(['one too three']);
    expect(editor.state.getState().status).toBe('saving');
    editor.edit(typed('one too three', 'one too free'));
    await editor.settled();
    expect(editor.state.getState().status).toBe('saved');
  });

  /** A page that ends while the disk is full. @returns what is kept of it */
  const endOnFullDisk = async (edits: Edit[]) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const empty = fillDisk();
    const left = onPage();
    for (const edit of edits) left.edit(edit);
    await left.settled();
    vi.clearAllTimers();
    empty();
    return new Map(kept);
  };

  it('is kept until it is stored, and stored by the next page if this one ends before', async () => {
    await endOnFullDisk([
      typed('one two three', 'one too three'),
      typed('one too three', 'one too free'),
    ]);
    expect(kept.size).toBe(2);
    const next = onPage();
    next.recover();
    await next.settled();
    expect(await text()).toEqual(['one too free']);
    expect(kept.size).toBe(0);
  });

  it('is kept with everything else that was done, in order', async () => {
    await endOnFullDisk([
      typed('one two three', 'one too three'),
      { kind: 'split', row, seen: 'one too three', offset: 8, atMs: 3_000, newId: 'new' },
      { kind: 'speaker', rows: [row], speakerId: 's1', speakers: [{ id: 's1', name: 'Ada' }] },
    ]);
    const next = onPage();
    next.recover();
    void next.undo();
    await next.settled();
    expect(await text()).toEqual(['one too', 'three']);
    expect((await getSegments(id)).map(({ speakerId }) => speakerId)).toEqual([null, null]);
    void next.redo();
    await next.settled();
    expect((await getSegments(id)).map(({ speakerId }) => speakerId)).toEqual(['s1', null]);
    expect((await getTranscript(id))?.edits).toMatchObject({ done: 3, total: 3 });
  });

  it('is undone once, although the page ended before it knew that', async () => {
    for (const [seen, next] of [
      ['one two three', 'one too three'],
      ['one too three', 'one too free'],
    ] as const) {
      const editor = onPage();
      editor.edit(typed(seen, next));
      await editor.settled();
    }
    const left = onPage();
    void left.undo();
    const unaware = new Map(kept);
    await left.settled();
    expect(kept.size).toBe(0);
    kept = unaware;
    const next = onPage();
    next.recover();
    await next.settled();
    expect(await text()).toEqual(['one too three']);
    expect(kept.size).toBe(0);
  });

  it('is stored once by two tabs that are both at it, half-typed words as well', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const empty = fillDisk();
    const first = onPage();
    first.edit(typed('one two three', 'one two thr'));
    first.edit(typed('one two thr', 'one two throne'));
    const second = onPage();
    second.recover();
    second.edit(typed('one two throne', 'one two throne room'));
    await first.settled();
    await second.settled();
    // either tab keeps what the other one has put aside
    expect(kept.size).toBe(3);
    empty();
    await vi.advanceTimersByTimeAsync(5_000);
    await first.settled();
    await second.settled();
    expect(await text()).toEqual(['one two throne room']);
    expect((await getTranscript(id))?.edits).toMatchObject({ done: 3, total: 3 });
    expect(kept.size).toBe(0);
  });

  it('is still said not to be stored when the transcript is left within the app and opened again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const empty = fillDisk();
    const view = {
      rows: () => [row],
      wordsOf: () => [],
      speakers: () => [],
      show: () => undefined,
    };
    const editor = openEditor(id, view);
    editor.edit({ kind: 'delete', rows: [row] });
    await editor.settled();
    const again = openEditor(id, view);
    expect(again.state.getState()).toMatchObject({ status: 'failed' });
    again.recover();
    empty();
    await vi.advanceTimersByTimeAsync(5_000);
    await again.settled();
    expect(await text()).toEqual([]);
    expect((await getTranscript(id))?.edits).toMatchObject({ done: 1, total: 1 });
    expect(openEditor(id, view).state.getState().status).toBe('saved');
  });

  it('is passed over where what was kept of it cannot be read', async () => {
    await endOnFullDisk([typed('one two three', 'one too three')]);
    const [key = ''] = kept.keys();
    kept.set(`${key}0`, '{"kind":"edit","edit":{"kind":"text","changes":[{}]}}');
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const next = onPage();
    next.recover();
    await next.settled();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(await text()).toEqual(['one too three']);
    expect(kept.size).toBe(0);
  });

  it('is shown once the page has read its row, although it still cannot be stored', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    fillDisk();
    let rows: SegmentRecord[] = [];
    const words = (await getWords(id, 0, 1)).get(0);
    const shown: string[] = [];
    const editor = onPage({
      rows: () => rows,
      wordsOf: () => words,
      show: ({ added }) => shown.push(...added.map((one) => one.text)),
    });
    editor.edit(typed('one two three', 'one too three'));
    await editor.settled();
    expect(shown).toEqual([]);
    rows = await getSegments(id);
    await vi.advanceTimersByTimeAsync(5_000);
    await editor.settled();
    expect(shown).toEqual(['one too three']);
    await vi.advanceTimersByTimeAsync(5_000);
    await editor.settled();
    expect(shown).toEqual(['one too three']);
    expect(editor.state.getState().status).toBe('failed');
  });
});
