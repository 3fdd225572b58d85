import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BlobReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openModelZip, writeModelZip } from './model-zip';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai2text-zip-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type AddOptions = NonNullable<Parameters<ZipWriter<Uint8Array>['add']>[2]>;

/** A zip of these texts; `change` spoils its bytes. */
async function zipOf(
  files: Record<string, string | Uint8Array<ArrayBuffer>>,
  { options = {}, change }: { options?: AddOptions; change?: (bytes: Buffer) => Buffer } = {},
): Promise<string> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const [path, content] of Object.entries(files))
    await writer.add(path, new BlobReader(new Blob([content])), options);
  const bytes = Buffer.from(await writer.close());
  const file = join(folder, 'model.zip');
  writeFileSync(file, change?.(bytes) ?? bytes);
  return file;
}

/** The bytes with one name, wherever it stands, in place of another of the same length. */
function renamed(from: string, to: string) {
  return (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');
}

/** Unpacks all of a zip below `out`. @returns the paths */
async function unpack(file: string): Promise<string[]> {
  const zip = await openModelZip(file);
  try {
    for (const { path } of zip.files) {
      const target = join(folder, 'out', path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, '');
      await zip.read(path, (bytes) => appendFileSync(target, bytes));
    }
    return zip.files.map(({ path }) => path);
  } finally {
    await zip.close();
  }
}

describe('a zip of a model', () => {
  it('is read as it was written, without what the system added and the folder around it', async () => {
    const file = await zipOf({
      'my model/config.json': '{}',
      'my model/onnx/model.onnx': 'weights',
      'my model/.DS_Store': 'x',
      '__MACOSX/my model/._config.json': 'x',
    });
    expect(await unpack(file)).toEqual(['config.json', 'onnx/model.onnx']);
    expect(readFileSync(join(folder, 'out/onnx/model.onnx'), 'utf8')).toBe('weights');
  });

  it('keeps the paths of a repository that has one folder only', async () => {
    expect(await unpack(await zipOf({ 'onnx/a.onnx': 'a', 'onnx/b.onnx': 'b' }))).toEqual([
      'onnx/a.onnx',
      'onnx/b.onnx',
    ]);
  });

  it('comes back from our own writer, which stores it', async () => {
    const mine = join(folder, 'mine.zip');
    const content = new TextEncoder().encode('a'.repeat(50_000));
    await writeModelZip(mine, [{ path: 'onnx/a.onnx', content, bytes: content.length }]);
    expect(statSync(mine).size).toBeGreaterThan(50_000);
    expect(await unpack(mine)).toEqual(['onnx/a.onnx']);
    expect(readFileSync(join(folder, 'out/onnx/a.onnx'))).toEqual(Buffer.from(content));
  });

  it('is not written over another file', async () => {
    const file = await zipOf({ a: 'a' });
    await expect(writeModelZip(file, [])).rejects.toThrow(/model\.zip is there already/);
  });

  it('leaves nothing when writing it breaks off', async () => {
    const file = join(folder, 'broken.zip');
    const content = new ReadableStream<Uint8Array>({
      pull: (to) => to.error(new Error('the disk is gone')),
    });
    await expect(writeModelZip(file, [{ path: 'a', content, bytes: 5 }])).rejects.toThrow();
    expect(existsSync(file) || existsSync(`${file}.part`)).toBe(false);
  });
});

describe('is refused in one sentence, and nothing lies outside the folder:', () => {
  const BAD: [string, () => Promise<string>, RegExp][] = [
    [
      'a path upwards',
      () => zipOf({ 'aa/evil.txt': 'x' }, { change: renamed('aa/evil.txt', '../evil.txt') }),
      /names a file outside of itself/,
    ],
    [
      'an absolute path',
      () => zipOf({ 'a/evil.txt': 'x' }, { change: renamed('a/evil.txt', '//evil.txt') }),
      /names a file outside of itself/,
    ],
    [
      'a drive of Windows',
      () => zipOf({ 'a__evil.txt': 'x' }, { change: renamed('a__evil.txt', 'C:\\evil.txt') }),
      /names a file outside of itself/,
    ],
    [
      'a path that is one on Windows alone',
      () => zipOf({ 'a_evil.txt': 'x' }, { change: renamed('a_evil.txt', 'a\\evil.txt') }),
      /"a\\\\evil\.txt" in it has a name that not every system takes/,
    ],
    [
      'a link',
      () => zipOf({ link: '/etc/passwd' }, { options: { unixMode: 0o120777 } }),
      /"link" in it is a link/,
    ],
    [
      'a device',
      () => zipOf({ tty: '' }, { options: { unixMode: 0o020666 } }),
      /"tty" in it is neither a file nor a folder/,
    ],
    [
      'an encrypted file',
      () => zipOf({ 'a.onnx': 'x' }, { options: { password: 'secret' } }),
      /"a\.onnx" in it is encrypted\. Unpack it with its password/,
    ],
    [
      'one that is made to fill disks',
      () => zipOf({ 'a.onnx': new Uint8Array(20_000_000) }),
      /"a\.onnx" in it unpacks to more than 100 times its size/,
    ],
    [
      'two files of one name',
      () => zipOf({ 'a.onnx': 'x', 'b.onnx': 'y' }, { change: renamed('b.onnx', 'a.onnx') }),
      /its directory can be read in two ways/,
    ],
    ['a text', async () => writeText('no zip'), /is no zip file, or a damaged one/],
    ['an empty file', async () => writeText(''), /is no zip file, or a damaged one/],
    [
      'one whose end is missing',
      () => zipOf({ a: 'x'.repeat(9999) }, { change: (bytes) => bytes.subarray(0, 60) }),
      /is no zip file, or a damaged one/,
    ],
    [
      'one of which a byte is another',
      () =>
        zipOf({ 'a.onnx': 'weights' }, { options: { level: 0 }, change: renamed('weig', 'weiG') }),
      /a\.onnx in model\.zip is no zip file, or a damaged one/,
    ],
    ['one that is not there', async () => join(folder, 'none.zip'), /cannot be opened \(ENOENT\)/],
  ];
  const writeText = (text: string) => {
    writeFileSync(join(folder, 'model.zip'), text);
    return join(folder, 'model.zip');
  };

  it.each(BAD)('%s', async (_what, make, sentence) => {
    const file = await make();
    await expect(unpack(file)).rejects.toThrow(sentence);
    expect(existsSync(join(folder, 'evil.txt')) || existsSync('/evil.txt')).toBe(false);
  });
});

it('a zip whose entries say too little of their size is cut where it says', async () => {
  const content = 'a'.repeat(3000);
  const file = await zipOf(
    { 'a.onnx': content },
    {
      change: (bytes) => {
        // the length unpacked, in the local and in the central header
        for (let at = 0; at < bytes.length - 4; at++)
          if (bytes.readUInt32LE(at) === content.length) bytes.writeUInt32LE(10, at);
        return bytes;
      },
    },
  );
  await expect(unpack(file)).rejects.toThrow(/a\.onnx/);
  expect(statSync(join(folder, 'out/a.onnx')).size).toBeLessThan(content.length);
});

it('lists sizes before anything is unpacked', async () => {
  const zip = await openModelZip(await zipOf({ 'a.onnx': 'abc' }));
  expect(zip.files).toEqual([{ path: 'a.onnx', bytes: 3 }]);
  await zip.close();
});
