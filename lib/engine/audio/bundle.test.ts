import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleFiles, readBundle } from './bundle';

const NAME = `Besprechung – Zoë ${'x'.repeat(120)}.m4a`;
const parts = [
  { file: new Blob(['a'.repeat(1000)]), name: 'ann.wav', startMs: 0 },
  { file: new Blob(['b'.repeat(512)]), name: NAME, startMs: 1250 },
  { file: new Blob(['']), name: 'empty.ogg', startMs: 3 },
];

describe('files that are one recording', () => {
  it('are read back with their names, starts and bytes', async () => {
    const read = await readBundle(bundleFiles(parts));
    expect(read?.map(({ name, startMs }) => [name, startMs])).toEqual(
      parts.map(({ name, startMs }) => [name, startMs]),
    );
    for (const [at, { file }] of parts.entries())
      expect(await read?.[at]?.file.text()).toBe(await file.text());
  });

  it('are an archive that other programs open', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    try {
      const path = join(folder, 'recording.tar');
      writeFileSync(path, Buffer.from(await bundleFiles(parts).arrayBuffer()));
      const list = execFileSync('tar', ['--list', '--file', path, '--quoting-style=literal']);
      expect(list.toString().trim().split('\n')).toEqual(parts.map(({ name }) => name));
      expect(execFileSync('tar', ['-xOf', path, 'ann.wav']).toString()).toBe('a'.repeat(1000));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['nothing', new Blob([])],
    ['text', new Blob(['hello'])],
    ['zeros', new Blob([new Uint8Array(2048)])],
  ])('are not found in %s', async (_, source) => {
    expect(await readBundle(source)).toBeNull();
  });

  it('are not found in an archive that is not a recording', async () => {
    const bytes = new Uint8Array(await bundleFiles(parts).arrayBuffer());
    bytes[156] = '0'.charCodeAt(0);
    expect(await readBundle(new Blob([bytes]))).toBeNull();
  });
});
