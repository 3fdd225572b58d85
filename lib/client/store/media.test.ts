import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { adoptMedia, getMedia, keepMedia, removeMedia, removeOrphans } from './media';
import { memoryStorage } from './test-opfs';

const { signal } = new AbortController();
let storage: ReturnType<typeof memoryStorage>;

beforeEach(() => {
  storage = memoryStorage();
  vi.stubGlobal('navigator', { storage });
});
afterEach(() => vi.unstubAllGlobals());

/** A recording whose later bytes cannot be read: the file changed, or its disk is gone. */
function unreadable(): Blob {
  const source = new Blob([new Uint8Array(100)]);
  const slice = new Blob();
  slice.arrayBuffer = () =>
    Promise.reject(new DOMException('It changed on disk.', 'NotReadableError'));
  source.slice = () => slice;
  return source;
}

describe('stored recordings', () => {
  it('can be read back unchanged', async () => {
    await keepMedia('a', new Blob(['sound']), signal);
    expect(await (await getMedia('a'))?.text()).toBe('sound');
    expect(await getMedia('b')).toBeNull();
  });

  it('are stored whole or not at all', async () => {
    await expect(keepMedia('a', unreadable(), signal)).rejects.toMatchObject({
      code: 'SOURCE_GONE',
    });
    expect(await getMedia('a')).toBeNull();
    const stop = new AbortController();
    stop.abort();
    await expect(keepMedia('a', new Blob(['sound']), stop.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(await getMedia('a')).toBeNull();
  });

  it('are moved from another folder, not copied', async () => {
    const root = await storage.getDirectory();
    const folder = await root.getDirectoryHandle('recordings', { create: true });
    const out = await (await folder.getFileHandle('r', { create: true })).createWritable();
    await out.write(new Blob(['sound']));
    await out.close();
    await adoptMedia('a', { folder: 'recordings', file: new File([], 'r') });
    expect(await (await getMedia('a'))?.text()).toBe('sound');
    await expect(
      adoptMedia('b', { folder: 'recordings', file: new File([], 'r') }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('are removed with their transcript, and so are orphans', async () => {
    for (const id of ['a', 'b', 'b.crswap']) await keepMedia(id, new Blob([id]), signal);
    await removeOrphans(async (id) => id.startsWith('b'));
    expect(await getMedia('a')).toBeNull();
    expect(await getMedia('b')).not.toBeNull();
    expect(await getMedia('b.crswap')).toBeNull();
    await removeMedia('b');
    await removeMedia('b');
    expect(await getMedia('b')).toBeNull();
  });

  it('cannot be read or stored without a private file system', async () => {
    vi.stubGlobal('navigator', {});
    expect(await getMedia('a')).toBeNull();
    await expect(keepMedia('a', new Blob(['x']), signal)).rejects.toMatchObject({
      code: 'STORE_FAILED',
    });
  });
});
