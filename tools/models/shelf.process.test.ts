// `npm run models` as a process: how it is called, two at once, Ctrl-C.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { generate } from '../random-models/presets';
import { type Hub, startHub } from '../services/hub-server';

const DECODER = 'onnx/decoder_model_merged.onnx';

let dataDir = '';
let hub: Hub;
const children: ChildProcess[] = [];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ai2text-shelf-'));
  const files = generate('whisper-tiny-random');
  hub = await startHub({ repositories: new Map([['tests/tiny', new Map(files)]]) });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await hub.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts the command. */
function start(...args: string[]) {
  const child = spawn(process.execPath, ['tools/run.mjs', 'tools/models/models.ts', ...args], {
    env: { ...process.env, DATA_DIR: dataDir, MODEL_HUB: hub.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      said += bytes;
    });
  const ended = once(child, 'close').then(([code]) => ({ code, said }));
  return { child, ended };
}

it.each([
  [['add'], /^It is: npm run models -- add NAME\n$/],
  [['fetch', 'x'], /^There is no action fetch; there are add, list, /],
  [['list', '--backend', 'wasm'], /^--backend belongs to add\./],
])('does nothing for %j', async (args, sentence) => {
  expect(await start(...args).ended).toEqual({ code: 2, said: expect.stringMatching(sentence) });
});

it('works on a model alone, and leaves nothing listed at Ctrl-C', async () => {
  hub.setFault('tests/tiny', DECODER, { hangAfter: 100_000 });
  const begun = () =>
    expect
      .poll(() => hub.log.some(({ sentBytes }) => sentBytes === 100_000), { timeout: 30_000 })
      .toBe(true);
  const first = start('add', 'tests/tiny');
  await begun();
  const second = await start('add', 'tests/tiny').ended;
  expect(second.code).toBe(1);
  expect(second.said).toContain(`Another command (process ${first.child.pid}) is at work on tiny`);
  first.child.kill('SIGINT');
  expect(await first.ended).toMatchObject({
    code: 130,
    said: expect.stringContaining('Interrupted: the shelf is as it was.'),
  });
  expect(existsSync(join(dataDir, 'models/tiny'))).toBe(false);
});
