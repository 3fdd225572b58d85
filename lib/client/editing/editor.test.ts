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
import { createEditor, type Editor, type EditorView } from './editor';

it('knows a speaker who was added, while the page has only read what was stored before', async () => {
  const source = { name: 'a.wav', mediaType: 'audio/wav', sizeBytes: 1, sha256: null };
  await addJobs([{ id: 'a1', title: 'A', source, media: 'none' }]);
  let read: readonly Speaker[] = [];
  const editor = createEditor('a1', {
    rows: () => [],
    wordsOf: () => undefined,
    speakers: () => read,
    show: () => undefined,
  });
  const ada = { id: 's1', name: 'Ada' };
  const ben = { id: 's2', name: 'Ben' };

  editor.edit({ kind: 'speakers', speakers: [ada] });
  expect(editor.speakers()).toEqual([ada]);
  // read before the edit was stored, and shown after it was made
  read = [];
  editor.edit({ kind: 'speakers', speakers: [...editor.speakers(), ben] });
  expect(editor.speakers()).toEqual([ada, ben]);

  await editor.settled();
  expect((await getTranscript('a1'))?.speakers).toEqual([ada, ben]);
  // from here on it is what the page reads, which may come from another tab
  read = [ben];
  expect(editor.speakers()).toEqual([ben]);
});

describe('what was typed', () => {
  let id: string;
  let row: SegmentRecord;
  let kept: Map<string, string>;

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
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    });
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
    expect(editor.state.getState()).toEqual({ status: 'saved', problem: null });
    expect(await text()).toEqual(['one too free']);
  });

  it('is kept when the page goes away before it is stored, and stored by the next one', async () => {
    fillDisk();
    const left = onPage();
    left.leave();
    left.edit(typed('one two three', 'one too three'));
    left.edit(typed('one too three', 'one too free'));
    expect(kept.size).toBe(1);
    await left.settled();
    vi.restoreAllMocks();
    const next = onPage();
    next.recover();
    await next.settled();
    expect(await text()).toEqual(['one too free']);
    expect(kept.size).toBe(0);
  });

  it('is kept while it cannot be stored, since the page may be ended without notice, and no longer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const empty = fillDisk();
    const editor = onPage();
    editor.edit(typed('one two three', 'one too three'));
    await editor.settled();
    expect(kept.size).toBe(1);
    // another tab has nothing to keep
    onPage().leave();
    expect(kept.size).toBe(1);
    // the same page once more has it already
    const again = onPage();
    again.recover();
    expect(again.state.getState().status).toBe('saved');
    empty();
    await vi.advanceTimersByTimeAsync(5_000);
    await editor.settled();
    expect(await text()).toEqual(['one too three']);
    expect(kept.size).toBe(0);
    expect((await getTranscript(id))?.edits).toMatchObject({ done: 1, total: 1 });
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

  it('is not stored twice where it was stored after all, and not kept any longer', async () => {
    const left = onPage();
    left.leave();
    left.edit(typed('one two three', 'one too three'));
    const [[key, value] = ['', '']] = [...kept];
    await left.settled();
    expect(kept.size).toBe(0);
    kept.set(key, value);
    const next = onPage();
    next.recover();
    await next.settled();
    expect(await text()).toEqual(['one too three']);
    expect((await getTranscript(id))?.edits).toMatchObject({ done: 1, total: 1 });
  });
});
