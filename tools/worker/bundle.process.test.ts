import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

test('a bundled worker transcribes in a folder of its own', () => {
  const out = mkdtempSync(join(tmpdir(), 'ai2text-bundle-'));
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  const node = (args: string[], cwd: string, path = '') => {
    const env = {
      // no other program is found: it decodes with the app's own ffmpeg
      PATH: path,
      NODE_ENV: 'production' as const,
      DATA_DIR: join(out, 'data'),
      WORKER_MODEL: 'ai2text-en',
      WORKER_THREADS: '1',
      WORKER_RUNTIME: 'wasm',
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd,
      env,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    return stdout;
  };
  node(['tools/run.mjs', 'tools/worker/bundle.ts', '--out', out], resolve('.'), process.env.PATH);
  // next to it lies nothing that it could use instead
  const source = join(out, 'speech.m4a');
  cpSync('e2e/fixtures/audio/speech.m4a', source);
  expect(node(['tools/worker/worker.mjs', '--once', source], out)).toContain('heavy rain');
});
