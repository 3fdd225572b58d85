import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchCatalogue, fetchModelFile } from './files';

const data = Buffer.from('the bytes of a model');
const file = {
  path: 'm/model.onnx',
  bytes: data.length,
  sha256: createHash('sha256').update(data).digest('hex'),
};
let server: Server | null = null;

// Node 20 has none
beforeEach(() => vi.stubGlobal('navigator', { onLine: true }));

/** Serves one answer for every address. @returns the base address */
async function serve(listener: RequestListener): Promise<string> {
  const made = createServer(listener);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}/models/`;
}

afterEach(() => {
  vi.unstubAllGlobals();
  server?.closeAllConnections();
  server?.close();
  server = null;
});

describe('fetchModelFile', () => {
  it('gives the bytes of a file that is what it should be', async () => {
    const asked: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      asked.push(request.url);
      response.end(data);
    });
    expect(Buffer.from(await fetchModelFile(file, base))).toEqual(data);
    expect(asked).toEqual(['/models/m/model.onnx']);
  });

  it('refuses a file of which one bit is wrong', async () => {
    const altered = Buffer.from(data);
    altered[3] = (altered[3] ?? 0) ^ 1;
    const base = await serve((_, response) => response.end(altered));
    await expect(fetchModelFile(file, base)).rejects.toMatchObject({ code: 'MODEL_HASH_MISMATCH' });
  });

  it('refuses a file that is too short', async () => {
    const base = await serve((_, response) => response.end(data.subarray(1)));
    await expect(fetchModelFile(file, base)).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
      details: { bytes: data.length - 1, expected: data.length },
    });
  });

  it('compares only the length where the browser has no hash', async () => {
    vi.stubGlobal('crypto', {});
    const base = await serve((request, response) =>
      response.end(request.url?.includes('short') ? data.subarray(1) : data),
    );
    const other = { ...file, sha256: '0'.repeat(64) };
    expect(Buffer.from(await fetchModelFile(other, base))).toEqual(data);
    await expect(fetchModelFile({ ...other, path: 'short' }, base)).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
    });
  });

  it('says that a missing file is missing', async () => {
    const base = await serve((_, response) => response.writeHead(404).end('no'));
    await expect(fetchModelFile(file, base)).rejects.toMatchObject({
      code: 'MODEL_DOWNLOAD_FAILED',
      details: { status: 404 },
    });
  });

  it('does not take a page for a file', async () => {
    const base = await serve((_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end('<!doctype html>'),
    );
    await expect(fetchModelFile(file, base)).rejects.toMatchObject({
      code: 'MODEL_DOWNLOAD_FAILED',
      details: { isPage: true },
    });
  });

  it('fails when the connection breaks in the middle', async () => {
    const base = await serve((_, response) => {
      response.writeHead(200, { 'content-length': data.length });
      response.write(data.subarray(0, 5), () => response.destroy());
    });
    await expect(fetchModelFile(file, base)).rejects.toMatchObject({
      code: 'MODEL_DOWNLOAD_FAILED',
    });
  });

  it('says OFFLINE when the network is off', async () => {
    const base = await serve((_, response) => response.destroy());
    vi.stubGlobal('navigator', { onLine: false });
    await expect(fetchModelFile(file, base)).rejects.toMatchObject({ code: 'OFFLINE' });
  });

  it('stops when it is cancelled', async () => {
    const abort = new AbortController();
    const base = await serve(() => abort.abort());
    await expect(fetchModelFile(file, base, abort.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});

describe('fetchCatalogue', () => {
  it('reads a catalogue', async () => {
    const text = readFileSync('public/models/catalogue.json', 'utf8');
    const base = await serve((_, response) => response.end(text));
    expect(await fetchCatalogue(`${base}catalogue.json`)).toEqual(JSON.parse(text));
  });

  it.each(['{', '{"version":2,"models":[]}', '{"version":1,"models":[]}', '[]'])(
    'refuses %s',
    async (text) => {
      const base = await serve((_, response) => response.end(text));
      await expect(fetchCatalogue(`${base}catalogue.json`)).rejects.toMatchObject({
        code: 'MODEL_HASH_MISMATCH',
      });
    },
  );
});
