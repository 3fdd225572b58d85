import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { PublishedModel } from '@/lib/catalogue/catalogue';
import { pinnedRevision, planFiles } from '../downloads/plan-files';
import { retryAfterMs } from './hub-fetch';
import { describeRepository, inspectFile, listRepository } from './hub-listing';
import { someBytes, TEST_PATIENCE, testRepository } from './test-hub';

const options = { patience: TEST_PATIENCE, signal: undefined };
const data = someBytes(1_000);
const sha256 = createHash('sha256').update(data).digest('hex');
let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** A hub of which each answer is made by hand. @returns its address */
async function serve(listener: RequestListener): Promise<string> {
  const made = createServer(listener);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

describe('listRepository', () => {
  it('gives length and hash of large files, and git names of small ones', async () => {
    const repository = testRepository();
    const text = new TextEncoder().encode('{}');
    await repository.put('onnx/model.onnx', data);
    await repository.put('config.json', text);
    const gitSha1 = createHash('sha1').update('blob 2\0').update(text).digest('hex');
    expect(await listRepository(repository.hub, repository.name, 'main', options)).toEqual([
      { path: 'onnx/model.onnx', bytes: 1_000, sha256, gitSha1: null, etag: null },
      { path: 'config.json', bytes: 2, sha256: null, gitSha1, etag: null },
    ]);
  });

  it('reads all pages, but none of another host', async () => {
    const hub = await serve((request, response) => {
      const isSecond = request.url?.includes('cursor') ?? false;
      const address = `http://${request.headers.host}/api/models/a/b/tree/main?cursor=x`;
      const next = isSecond ? 'http://other.example/steal' : address;
      response.setHeader('link', `<${next}>; rel="next"`);
      response.end(JSON.stringify([{ type: 'file', path: isSecond ? 'two' : 'one', size: 1 }]));
    });
    const files = await listRepository(hub, 'a/b', 'main', options);
    expect(files.map(({ path }) => path)).toEqual(['one', 'two']);
  });

  it('asks again when the hub is busy', async () => {
    let asked = 0;
    const hub = await serve((_, response) => {
      asked++;
      if (asked < 3) response.writeHead(503);
      response.end('[]');
    });
    expect(await listRepository(hub, 'a/b', 'main', options)).toEqual([]);
    expect(asked).toBe(3);
  });

  it('refuses what is not a list', async () => {
    const hub = await serve((_, response) => response.end('<!doctype html>'));
    await expect(listRepository(hub, 'a/b', 'main', options)).rejects.toMatchObject({
      code: 'MODEL_DOWNLOAD_FAILED',
    });
  });
});

describe('describeRepository', () => {
  it('gives commit, licence and languages, whatever else is broken', async () => {
    const commit = 'a'.repeat(40);
    const hub = await serve((_, response) =>
      response.end(JSON.stringify({ sha: commit, cardData: { license: 7, language: 'en' } })),
    );
    const described = { commit, licence: null, languages: ['en'] };
    expect(await describeRepository(hub, 'a/b', 'main', options)).toEqual(described);
  });

  it('gives nothing where the hub has no such page', async () => {
    const hub = await serve((_, response) => response.writeHead(404).end());
    expect(await describeRepository(hub, 'a/b', 'main', options)).toBeNull();
  });
});

describe('planFiles', () => {
  const model = (
    files: Record<string, { path: string; bytes: number | null; sha256: string | null }>,
  ) => {
    const variant = { precision: 'q8', files, approximateBytes: 1, needs: [] };
    return {
      variant,
      model: {
        id: 'm',
        family: 'moonshine' as const,
        name: 'm',
        description: 'm',
        languages: ['en'],
        licence: 'mit',
        credits: [],
        repository: 'a/b',
        revision: 'main',
        scores: [],
        backends: { wasm: variant, webgpu: null },
      },
    };
  };

  it('makes no request when the catalogue says it all', async () => {
    const given = model({ encoder: { path: 'x.onnx', bytes: 5, sha256 } });
    const hub = () => Promise.reject(new Error('asked'));
    expect(await planFiles(given.model, given.variant, hub, options)).toEqual([
      { path: 'x.onnx', bytes: 5, sha256, gitSha1: null, etag: null },
    ]);
  });

  it('asks for each file where the hub has no listings', async () => {
    const hub = await serve((request, response) => {
      if (request.method !== 'HEAD') return response.writeHead(404).end();
      response.setHeader('x-linked-size', '1000');
      response.setHeader('x-linked-etag', `"${sha256}"`);
      return response.setHeader('etag', 'W/"mark"').end();
    });
    const given = model({ encoder: { path: 'x.onnx', bytes: null, sha256: null } });
    expect(await planFiles(given.model, given.variant, async () => hub, options)).toEqual([
      { path: 'x.onnx', bytes: 1_000, sha256, gitSha1: null, etag: 'mark' },
    ]);
  });

  it('does not take a mark for a hash', async () => {
    const hub = await serve((_, response) => response.setHeader('etag', `"${sha256}"`).end());
    const file = await inspectFile(hub, 'a/b', 'main', 'x.onnx', options);
    expect(file).toMatchObject({ sha256: null, etag: sha256 });
  });
});

describe('pinnedRevision', () => {
  const model = { repository: 'a/b', revision: 'main' } as PublishedModel; // nothing else is read

  it('asks which commit a branch means now', async () => {
    const asked: (string | undefined)[] = [];
    const commit = 'b'.repeat(40);
    const hub = await serve((request, response) => {
      asked.push(request.url);
      response.end(JSON.stringify({ sha: commit }));
    });
    expect(await pinnedRevision(model, async () => hub, options)).toBe(commit);
    expect(asked).toEqual(['/api/models/a/b/revision/main']);
    const pinned = { ...model, revision: commit };
    expect(await pinnedRevision(pinned, async () => hub, options)).toBe(commit);
    expect(asked).toHaveLength(1);
  });

  it('keeps the name where the hub does not say', async () => {
    const hub = await serve((_, response) => response.writeHead(404).end());
    expect(await pinnedRevision(model, async () => hub, options)).toBe('main');
  });
});

describe('retryAfterMs', () => {
  it.each([
    [null, null],
    ['3', 3_000],
    ['Thu, 01 Jan 1970 00:00:09 GMT', 9_000],
    ['soon', null],
  ])('takes %j for %j ms', (value, ms) => {
    expect(retryAfterMs(value, 0)).toBe(ms);
  });
});
