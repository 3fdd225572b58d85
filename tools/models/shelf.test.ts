// What `npm run models` does, on folders and a hub of this machine.
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogueSchema } from '../../lib/catalogue/catalogue';
import { isAppError } from '../../lib/core/errors';
import { generate } from '../random-models/presets';
import { type Hub, startHub } from '../services/hub-server';
import { type Request, runAction } from './actions';

const PRESET = 'whisper-tiny-random';
const ENCODER = 'onnx/encoder_model.onnx';
const DECODER = 'onnx/decoder_model_merged.onnx';
const FILES = generate(PRESET);

let folder = '';
let dataDir = '';
let hub: Hub;
let controller: AbortController;
const CATALOGUE = catalogueSchema.parse(
  JSON.parse(readFileSync('public/models/catalogue.json', 'utf8')),
);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ai2text-shelf-'));
  dataDir = join(folder, 'data');
  controller = new AbortController();
  hub = await startHub({ repositories: new Map([['tests/tiny', new Map(FILES)]]) });
});
afterEach(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Does what the command does. @returns all that it says, its failure last */
async function run(...given: string[]) {
  const at = given.indexOf('--backend');
  const [action = 'list', ...args] = at < 0 ? given : given.slice(0, at);
  const lines: string[] = [];
  const context = {
    say: (line: string) => void lines.push(line),
    progress: () => undefined,
    signal: controller.signal,
  };
  const request = {
    // the literal types of the actions are lost in a row of strings
    action: action as Request['action'],
    args,
    backend: at < 0 ? null : ('wasm' as const),
    dataDir,
    catalogue: CATALOGUE,
    hub: hub.url,
  };
  let code = 0;
  try {
    code = (await runAction(request, context)) ? 0 : 1;
  } catch (error) {
    if (!isAppError(error) || !error.details.isForUser) throw error;
    lines.push(error.message);
    code = 1;
  }
  return { code, said: `${lines.join('\n')}\n` };
}

/** A folder laid out as the model's repository. */
function modelFolder(name = 'mine'): string {
  for (const [path, bytes] of FILES) {
    const file = join(folder, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return join(folder, name);
}

const onShelf = (id: string, path: string) =>
  readFileSync(join(dataDir, 'models', id, 'files', path));
/** An assertion on each of many bytes would take seconds. */
const isWhole = (id: string, path: string) =>
  onShelf(id, path).equals(FILES.get(path) ?? new Uint8Array());
const isListed = (id: string) => existsSync(join(dataDir, 'models', id));
const coming = (id: string) => join(dataDir, 'models/.coming', id);

describe('a folder and a zip', () => {
  it('are added, verified, exported, removed and added again as the same model', async () => {
    const added = await run('add', modelFolder());
    expect(added.said).toMatch(/from +the folder .*mine\n +licence +not known\n/);
    expect(added.said).toMatch(/1\.5 MB +for processors \(fp32\)/);
    expect(added.said).toMatch(/mine is on the shelf/);
    expect(added.code).toBe(0);
    expect(isWhole('mine', DECODER)).toBe(true);
    expect((await run('verify')).said).toBe('mine: 5 files, all as they came.\n');

    const entry = readFileSync(join(dataDir, 'models/mine/model.json'), 'utf8');
    const zip = join(folder, 'away.zip');
    expect((await run('export', 'mine', zip)).code).toBe(0);
    expect((await run('remove', 'mine')).said).toMatch(/^mine was removed\./);
    expect(isListed('mine')).toBe(false);
    expect((await run('add', zip)).code).toBe(0);
    expect(readFileSync(join(dataDir, 'models/mine/model.json'), 'utf8')).toBe(entry);
  });

  it('that are there already are not added over it', async () => {
    await run('add', modelFolder());
    const again = await run('add', join(folder, 'mine'));
    expect(again).toMatchObject({ code: 1 });
    expect(again.said).toBe(
      'mine is on the shelf already: npm run models -- remove mine, or give the folder or zip another name.\n',
    );
  });

  it('that were damaged since are reported by verify, and not exported', async () => {
    await run('add', modelFolder());
    appendFileSync(join(dataDir, 'models/mine/files', ENCODER), 'x');
    rmSync(join(dataDir, 'models/mine/files/config.json'));
    const bytes = onShelf('mine', DECODER);
    bytes[9] = (bytes[9] ?? 0) ^ 1;
    writeFileSync(join(dataDir, 'models/mine/files', DECODER), bytes);
    const { code, said } = await run('verify', 'mine');
    expect(code).toBe(1);
    expect(said).toContain('config.json is missing.');
    expect(said).toMatch(/encoder_model\.onnx has \d+ bytes, not \d+\./);
    expect(said).toContain(`${DECODER} has other bytes than when it came.`);
    expect(said).toContain('npm run models -- remove mine, then add it again.');
    const zip = join(folder, 'away.zip');
    expect((await run('export', 'mine', zip)).said).toMatch(/^mine is damaged/);
    expect(existsSync(zip)).toBe(false);
  });

  it('whose exported files were changed are refused', async () => {
    await run('add', modelFolder());
    await run('export', 'mine', join(folder, 'away.zip'));
    await run('remove', 'mine');
    const bytes = readFileSync(join(folder, 'away.zip'));
    const at = bytes.indexOf(Buffer.from(FILES.get('config.json') ?? [])) + 5;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(join(folder, 'away.zip'), bytes);
    const { code, said } = await run('add', join(folder, 'away.zip'));
    expect(code).toBe(1);
    expect(said).toMatch(/config\.json in away\.zip is no zip file, or a damaged one/);
    expect([isListed('mine'), existsSync(coming('mine'))]).toEqual([false, false]);
  });
});

describe('one sentence says what was looked at and what to do', () => {
  type Spoil = (mine: string) => unknown;
  const WRONG: [string, Spoil, RegExp][] = [
    [
      'no speech',
      (mine) => writeFileSync(join(mine, 'config.json'), '{"model_type":"bert"}'),
      /Looked at the 7 files of the folder \S+mine: .*type "bert" are not supported/,
    ],
    [
      'a missing decoder',
      (mine) => rmSync(join(mine, DECODER)),
      /Looked at the 6 files .*No graphs of family "whisper"/,
    ],
    ['nothing', (mine) => rmSync(mine, { recursive: true }) ?? mkdirSync(mine), /: it is empty\./],
    [
      'half a graph',
      (mine) => truncateSync(join(mine, DECODER), 100_000),
      /decoder_model_merged\.onnx is no ONNX graph, or not all of one: copy/,
    ],
    [
      'half a tokenizer',
      (mine) => truncateSync(join(mine, 'tokenizer.json'), 100),
      /^tokenizer\.json is no JSON, or not all of it/m,
    ],
    [
      'a note of Git LFS',
      (mine) =>
        writeFileSync(join(mine, ENCODER), 'version https://git-lfs.github.com/spec/v1\noid x\n'),
      /encoder_model\.onnx is a note of Git LFS .* run git lfs pull/,
    ],
    [
      'an empty file',
      (mine) => truncateSync(join(mine, ENCODER), 0),
      /encoder_model\.onnx is empty: copy or download it again/,
    ],
  ];

  it.each(WRONG)('of a folder with %s', async (_what, spoil, sentence) => {
    spoil(modelFolder());
    const { code, said } = await run('add', join(folder, 'mine'));
    expect(said).toMatch(sentence);
    expect(said.trim().split('\n').at(-1)).toMatch(/\.$/);
    expect(code).toBe(1);
    expect([isListed('mine'), existsSync(coming('mine'))]).toEqual([false, false]);
  });

  const CALLS: [string[], RegExp][] = [
    [['add', 'nothing'], /no model of the catalogue .* no folder or zip .*nothing.* OWNER\/NAME/],
    [['add', 'nobody/nothing'], /has no public repository "nobody\/nothing"\.\n$/],
    [['add', 'package.json'], /package\.json is neither a folder nor a zip/],
    [['add', 'ai2text-en'], /comes with the app: there is nothing to add/],
    [['add', 'ai2text-base'], /comes with the app: there is nothing to add/],
    [['add', '/nowhere/mine'], /There is no folder or zip \/nowhere\/mine/],
    [['remove', '../../secret'], /There is no model \.\.\/\.\.\/secret/],
    [['default', 'mine'], /There is no model mine in .*; there are none yet/],
  ];
  it.each(CALLS)('for %j', async (args, sentence) => {
    expect(await run(...args)).toEqual({ code: 1, said: expect.stringMatching(sentence) });
  });

  it('for a data folder that cannot be', async () => {
    writeFileSync(join(folder, 'file'), '');
    dataDir = join(folder, 'file/data');
    expect((await run('add', modelFolder())).said).toMatch(
      /cannot be used: a part of that path is a file\.\n$/,
    );
  });
});

describe('a repository of the hub', () => {
  it('comes with what the hub says of it, checked', async () => {
    const { code, said } = await run('add', 'tests/tiny', '--backend', 'wasm');
    expect(code).toBe(0);
    expect(said).toMatch(/licence +mit/);
    expect(said).not.toContain('graphics processors');
    const { model } = JSON.parse(readFileSync(join(dataDir, 'models/tiny/model.json'), 'utf8'));
    expect(model).toMatchObject({ revision: 'c0ffee'.padEnd(40, '0'), backends: { webgpu: null } });
    expect((await run('list')).said).toMatch(/^tiny +1\.5 MB +processor +mit +tests\/tiny$/m);
  });

  it('is resumed after it was interrupted, and is not visible until it is complete', async () => {
    hub.setFault('tests/tiny', DECODER, { bytesPerSecond: 400_000 });
    const adding = run('add', 'tests/tiny');
    const part = join(coming('tiny'), 'files', DECODER);
    await expect
      .poll(() => (existsSync(part) ? readFileSync(part).length : 0), { timeout: 15_000 })
      .toBeGreaterThan(100_000);
    controller.abort();
    expect(await adding).toMatchObject({
      code: 1,
      said: expect.stringContaining('Interrupted: the shelf is as it was.'),
    });
    controller = new AbortController();
    expect(isListed('tiny')).toBe(false);
    expect((await run('list')).said).toMatch(/tiny has come in part: add it again to go on/);

    hub.setFault('tests/tiny', DECODER, null);
    hub.log.splice(0);
    expect((await run('add', 'tests/tiny')).code).toBe(0);
    const [asked] = hub.log.filter(({ at, file }) => at === 'cdn' && file.endsWith(DECODER));
    expect(asked?.range).toMatch(/^bytes=[1-9]\d+-$/);
    expect(isWhole('tiny', DECODER)).toBe(true);
    expect(readdirSync(join(dataDir, 'models/.coming'))).toEqual([]);
  });

  it('is resumed by itself when the connection breaks', async () => {
    hub.setFault('tests/tiny', DECODER, { cutAfter: 200_000, times: 2 });
    expect((await run('add', 'tests/tiny')).code).toBe(0);
    expect((await run('verify')).code).toBe(0);
  });

  it('is thrown away where other bytes come than the hub lists', async () => {
    hub.setFault('tests/tiny', ENCODER, { wrongBytes: true });
    const { code, said } = await run('add', 'tests/tiny');
    expect(code).toBe(1);
    expect(said).toMatch(/encoder_model\.onnx is not the file it should be\. It was thrown away\./);
    expect(isListed('tiny')).toBe(false);
    expect((await run('remove', 'tiny')).code).toBe(0);
    expect(existsSync(coming('tiny'))).toBe(false);
  });
});

it('the default is listed, goes with its model, and can be the built-in one', async () => {
  await run('add', modelFolder());
  cpSync(join(dataDir, 'models/mine'), join(dataDir, 'models/odd'), { recursive: true });
  expect((await run('list')).said).toMatch(/odd is no model that this version can read/);
  expect((await run('add', modelFolder('odd'))).said).toMatch(
    /folder odd that this version cannot/,
  );
  expect((await run('remove', 'odd')).code).toBe(0);
  expect((await run('default')).said).toContain('ai2text-en, the built-in model');
  await run('default', 'mine');
  expect((await run('list')).said).toMatch(/^mine \(default\)/m);
  expect((await run('remove', 'mine')).said).toMatch(/It was the default: .* built-in model again/);
  expect((await run('default')).said).toContain('ai2text-en, the built-in model');
});
