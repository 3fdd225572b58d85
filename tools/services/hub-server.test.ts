import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeModelZip } from '../models/model-zip';
import { type Hub, serveFolder } from './hub-server';

const MODEL = { id: null, repository: 'tests/tiny', revision: 'main', paths: {} };
const CONFIG = new TextEncoder().encode('{"model_type":"whisper"}');
const GRAPH = Uint8Array.from({ length: 3000 }, (_, at) => at % 251);

let folder: string;
let hub: Hub | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai2text-hub-'));
});
afterEach(async () => {
  await hub?.close();
  hub = null;
  rmSync(folder, { recursive: true });
});

async function zipped(path: string): Promise<string> {
  const file = join(folder, path);
  const files = [
    { path: 'config.json', content: CONFIG, bytes: CONFIG.length },
    { path: 'onnx/model.onnx', content: GRAPH, bytes: GRAPH.length },
  ];
  await writeModelZip(file, files);
  return file;
}

const bytesAt = async (path: string) => {
  const response = await fetch(`${hub?.url}/tests/tiny/resolve/main/${path}`);
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : response.status;
};

describe('a model that is served from this machine', () => {
  it('comes from a folder', async () => {
    mkdirSync(join(folder, 'onnx'));
    writeFileSync(join(folder, 'config.json'), CONFIG);
    writeFileSync(join(folder, 'onnx', 'model.onnx'), GRAPH);
    hub = await serveFolder(folder, MODEL);
    expect(await bytesAt('config.json')).toEqual(CONFIG);
    expect(await bytesAt('onnx/model.onnx')).toEqual(GRAPH);
  });

  it('comes from a zip', async () => {
    hub = await serveFolder(await zipped('model.zip'), MODEL);
    expect(await bytesAt('config.json')).toEqual(CONFIG);
    expect(await bytesAt('onnx/model.onnx')).toEqual(GRAPH);
  });

  it('comes from a zip with no more than the model is said to have', async () => {
    const paths = { wasm: ['onnx/model.onnx'] };
    hub = await serveFolder(await zipped('model.zip'), { ...MODEL, paths });
    expect(await bytesAt('onnx/model.onnx')).toEqual(GRAPH);
    expect(await bytesAt('config.json')).toBe(404);
  });

  it('is refused where there is nothing of it, or no such place', async () => {
    const paths = { wasm: ['other.onnx'] };
    const zip = await zipped('model.zip');
    await expect(serveFolder(zip, { ...MODEL, paths })).rejects.toThrow('has none of other.onnx');
    await expect(serveFolder(join(folder, 'no'), MODEL)).rejects.toThrow('cannot be read');
  });
});
