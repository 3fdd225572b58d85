import { describe, expect, it } from 'vitest';
import { filesFromDrop, looksLikeMedia } from './files';

/** As much of the platform's entries as a drop uses; readers answer in pieces, as Chromium's do. */
const fileEntry = (name: string, type = '') => ({
  isDirectory: false,
  name,
  file: (done: (file: File) => void) => done(new File(['x'], name, { type })),
});
const folder = (name: string, children: unknown[]) => ({
  isDirectory: true,
  name,
  createReader: () => {
    const left = [...children];
    return { readEntries: (done: (some: unknown[]) => void) => done(left.splice(0, 2)) };
  },
});
const unreadable = (name: string) => ({
  isDirectory: false,
  name,
  file: (_done: unknown, fail: (error: Error) => void) => fail(new Error('gone')),
});
const drop = (entries: { name: string; isDirectory: boolean }[]) => {
  const files = entries
    .filter((entry) => !entry.isDirectory)
    .map(({ name }) => new File(['x'], name));
  const items = entries.map((entry) => ({
    kind: 'file',
    getAsFile: () => files.find(({ name }) => name === entry.name) ?? null,
    webkitGetAsEntry: () => entry,
  }));
  // only these two fields are read
  return { items, files } as unknown as DataTransfer;
};
const names = async (transfer: DataTransfer) => {
  const { files, skipped } = await filesFromDrop(transfer);
  return { names: files.map(({ name }) => name), skipped };
};

describe('filesFromDrop', () => {
  it('takes single files whatever they are called', async () => {
    expect(await names(drop([fileEntry('notes.txt'), fileEntry('a.mp3')]))).toEqual({
      names: ['notes.txt', 'a.mp3'],
      skipped: 0,
    });
  });

  it('walks folders in the order of names, however many pieces the reader gives', async () => {
    const root = folder('tape', [
      fileEntry('part 10.wav'),
      fileEntry('part 2.wav'),
      folder('more', [fileEntry('z.opus'), fileEntry('.hidden.mp3')]),
      fileEntry('cover.jpg', 'image/jpeg'),
      fileEntry('part 1', 'audio/mpeg'),
    ]);
    expect(await names(drop([root]))).toEqual({
      names: ['z.opus', 'part 1', 'part 2.wav', 'part 10.wav'],
      skipped: 2,
    });
  });

  it('takes the rest of a folder when something in it cannot be read', async () => {
    const locked = {
      isDirectory: true,
      name: 'locked',
      createReader: () => ({
        readEntries: (_done: unknown, fail: (error: Error) => void) => fail(new Error('denied')),
      }),
    };
    const root = folder('tape', [fileEntry('a.wav'), unreadable('b.wav'), locked]);
    const collected = await filesFromDrop(drop([root]));
    expect(collected.files.map(({ name }) => name)).toEqual(['a.wav']);
    expect(collected.unreadable).toBe(2);
  });

  it('uses the plain list where the browser gives no items', async () => {
    const file = new File(['x'], 'a.mp3');
    // only these two fields are read
    const transfer = { items: [], files: [file] } as unknown as DataTransfer;
    expect(await names(transfer)).toEqual({ names: ['a.mp3'], skipped: 0 });
  });
});

describe('looksLikeMedia', () => {
  it('decides by type or by file extension', () => {
    expect(looksLikeMedia({ name: 'a', type: 'video/mp4' })).toBe(true);
    expect(looksLikeMedia({ name: 'A.MKV', type: '' })).toBe(true);
    expect(looksLikeMedia({ name: 'a.pdf', type: 'application/pdf' })).toBe(false);
  });
});
