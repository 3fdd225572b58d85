import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { shelfFileUrl, shelfSchema } from '@/lib/contracts/server-models';
import { Browser, json } from '@/lib/server/testing/browser';
import { makeUser } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { GET as getFile } from './[id]/resolve/[revision]/[...path]/route';
import { PUT as putDefault } from './default/route';
import { GET as getModels } from './route';

const ORIGIN = 'http://localhost:3000';
const REVISION = 'a'.repeat(40);
const WEIGHTS = Buffer.from('0123456789');
const sha256 = createHash('sha256').update(WEIGHTS).digest('hex');
const file = (path: string) => ({ path, bytes: WEIGHTS.length, sha256 });

let models = '';
beforeEach(async () => {
  const { dataDir } = await withServer();
  models = join(dataDir, 'models');
});

/** Puts a model on the shelf, as the command leaves it. */
function shelve(id: string, change: Record<string, unknown> = {}): void {
  const variant = {
    precision: 'q8',
    files: {
      network: file('onnx/model.onnx'),
      tokens: file('vocab.txt'),
    },
    approximateBytes: 20,
    needs: [],
  };
  const model = {
    id,
    name: id.toUpperCase(),
    description: 'A model.',
    languages: ['en'],
    licence: 'MIT',
    credits: [],
    family: 'nemo-ctc',
    repository: '',
    revision: REVISION,
    scores: [],
    backends: { wasm: variant, webgpu: null },
    ...change,
  };
  for (const path of ['onnx/model.onnx', 'vocab.txt']) {
    const target = join(models, id, 'files', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, WEIGHTS);
  }
  writeFileSync(join(models, id, 'model.json'), JSON.stringify({ version: 1, model }));
}

async function list() {
  const response = await getModels(new Request(`${ORIGIN}/api/models`));
  expect(response.status).toBe(200);
  return shelfSchema.parse(await response.json());
}

function ask(path: string, headers: Record<string, string> = {}, revision = REVISION, id = 'one') {
  const params = Promise.resolve({ id, revision, path: path.split('/') });
  const url = shelfFileUrl(`${ORIGIN}/api/models`, { id: 'one', revision: REVISION }, 'vocab.txt');
  return getFile(new Request(url, { headers }), { params });
}

describe('GET /api/models', () => {
  it('is empty where nothing was added, and makes no folder', async () => {
    expect(await list()).toEqual({ models: [], defaultModelId: null });
    expect(() => readFileSync(models)).toThrow(/ENOENT/);
  });

  it('lists what is whole by name, and nothing else that lies there', async () => {
    shelve('two');
    shelve('one');
    shelve('half');
    rmSync(join(models, 'half/model.json'));
    shelve('other', { id: 'another' });
    shelve('damaged');
    truncateSync(join(models, 'damaged/model.json'), 20);
    mkdirSync(join(models, '.coming/three/files'), { recursive: true });
    writeFileSync(join(models, 'notes.txt'), 'x');
    expect((await list()).models.map(({ id }) => id)).toEqual(['one', 'two']);
  });
});

describe('a file of the shelf', () => {
  beforeEach(() => shelve('one'));

  it('comes whole with its hash as mark, and is kept', async () => {
    const response = await ask('onnx/model.onnx');
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '10',
      'accept-ranges': 'bytes',
      etag: `"${sha256}"`,
      'cache-control': expect.stringContaining('immutable'),
    });
    expect(await response.text()).toBe('0123456789');
  });

  it('comes from the middle on, as a download is resumed', async () => {
    const response = await ask('onnx/model.onnx', { range: 'bytes=4-' });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe('bytes 4-9/10');
    expect(response.headers.get('content-length')).toBe('6');
    expect(await response.text()).toBe('456789');
  });

  it('has no bytes after its end', async () => {
    const response = await ask('onnx/model.onnx', { range: 'bytes=10-' });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */10');
  });

  it('comes whole when the range was of another file', async () => {
    const response = await ask('vocab.txt', { range: 'bytes=4-', 'if-range': '"other"' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('0123456789');
  });

  it('does not come again where it is known', async () => {
    expect((await ask('vocab.txt', { 'if-none-match': `W/"x", "${sha256}"` })).status).toBe(304);
  });

  it.each([
    ['another file of the folder', '../model.json'],
    ['the data folder', '../../../secret'],
    ['a path with an absolute one in it', '/etc/passwd'],
    ['an encoded path', '..%2f..%2fsecret'],
    ['a file that is not listed', 'config.json'],
  ])('is not %s', async (_what, path) => {
    writeFileSync(join(models, '../secret'), 'secret');
    const response = await ask(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each(['..', '.coming', 'one/../one', 'two'])('is of no model %s', async (id) => {
    expect((await ask('vocab.txt', {}, REVISION, id)).status).toBe(404);
  });

  it('is of one revision', async () => {
    expect((await ask('vocab.txt', {}, 'b'.repeat(40))).status).toBe(404);
  });

  it('is none that a link leads out of the folder to', async () => {
    writeFileSync(join(models, '../secret'), WEIGHTS);
    rmSync(join(models, 'one/files/vocab.txt'));
    symlinkSync(join(models, '../secret'), join(models, 'one/files/vocab.txt'));
    expect((await ask('vocab.txt')).status).toBe(404);
  });

  it('is not given in part when the disk has only a part of it', async () => {
    truncateSync(join(models, 'one/files/vocab.txt'), 4);
    const response = await ask('vocab.txt');
    expect(response.status).toBe(500);
    expect(JSON.stringify(await response.json())).not.toContain(models);
  });

  it('is gone with its model, while what is being sent comes to its end', async () => {
    const response = await ask('onnx/model.onnx');
    rmSync(join(models, 'one'), { recursive: true });
    expect(await response.text()).toBe('0123456789');
    expect((await ask('onnx/model.onnx')).status).toBe(404);
  });
});

describe('PUT /api/models/default', () => {
  const put = (browser: Browser, modelId: string | null) =>
    browser.call(putDefault, '/api/models/default', json({ modelId }, 'PUT'));
  const enter = async (role: 'owner' | 'member') => {
    const browser = new Browser();
    await browser.enterAs(await makeUser({ role, email: `${role}@example.org` }));
    return browser;
  };
  beforeEach(() => shelve('one'));

  it('is for the owner alone', async () => {
    expect((await put(new Browser(), 'one')).status).toBe(401);
    expect((await put(await enter('member'), 'one')).status).toBe(403);
    expect((await list()).defaultModelId).toBeNull();
  });

  it('sets what the list says to everyone, and resets it', async () => {
    const owner = await enter('owner');
    expect((await put(owner, 'one')).status).toBe(204);
    expect((await list()).defaultModelId).toBe('one');
    expect((await put(owner, 'two')).status).toBe(404);
    expect((await put(owner, null)).status).toBe(204);
    expect((await list()).defaultModelId).toBeNull();
  });

  it('is none once its model is gone', async () => {
    await put(await enter('owner'), 'one');
    rmSync(join(models, 'one'), { recursive: true });
    expect(await list()).toEqual({ models: [], defaultModelId: null });
  });
});
