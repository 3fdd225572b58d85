import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { readCatalogue } from '../catalogue/catalogue';
import { listModels, pickModel } from './openai-models';

let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ai2text-models-'));
  vi.stubEnv('DATA_DIR', dataDir);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(dataDir, { recursive: true, force: true });
  });
});

/** Puts the entry of a published model onto the shelf, as if its files had been measured. */
function install(id: string): void {
  const model = readCatalogue().models.find((one) => one.id === id);
  if (model?.family === 'ctc' || !model?.backends.wasm) throw new Error(`There is no ${id}.`);
  const { wasm } = model.backends;
  const measured = Object.entries(wasm.files).map(([role, file]) => [
    role,
    { ...file, bytes: 1, sha256: 'a'.repeat(64) },
  ]);
  const backends = { wasm: { ...wasm, files: Object.fromEntries(measured) }, webgpu: null };
  mkdirSync(join(dataDir, 'models', id), { recursive: true });
  const file = join(dataDir, 'models', id, 'model.json');
  writeFileSync(file, JSON.stringify({ version: 1, model: { ...model, backends } }));
}

it('lists what is on this machine, and the worker’s own model by OpenAI’s name', async () => {
  install('whisper-tiny');
  install('pyannote-segmentation-3.0');
  const models = await listModels(null);
  expect(models.map(({ id }) => id)).toEqual([
    ...['ai2text-en', 'whisper-1', 'ai2text-base', 'whisper-tiny'],
  ]);
  expect(models.map((model) => model.owned_by)).toEqual([
    ...['ai2text', 'ai2text', 'ai2text', 'onnx-community'],
  ]);
  for (const { object, created } of models) {
    expect(object).toBe('model');
    expect(Number.isInteger(created) && created > 1_600_000_000).toBe(true);
  }
});

it('gives no name of OpenAI to a worker whose own model is missing', async () => {
  const models = await listModels('whisper-tiny');
  expect(models.map(({ id }) => id)).toEqual(['ai2text-en', 'ai2text-base']);
  expect(() => pickModel('whisper-1', models)).toThrow('not on this machine');
});
