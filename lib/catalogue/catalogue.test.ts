import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogueSchema, ctcSearchSchema, DRAFT_MODEL_ID, modelFileSchema } from './catalogue';

const text = readFileSync('public/models/catalogue.json', 'utf8');
const catalogue = catalogueSchema.parse(JSON.parse(text));

describe('the catalogue', () => {
  it('lists the small built-in model first, and says what it is', () => {
    const [model] = catalogue.models;
    expect(model?.id).toBe(DRAFT_MODEL_ID);
    expect(model?.name).toBe('Draft');
    expect(model?.description).toMatch(/Small and quick.*27 %/);
  });

  it('names every file of the small built-in model with its true length and hash', () => {
    const [{ backends, knownClip }] = catalogue.models;
    const files = [
      ...Object.values(backends.wasm.files),
      ...Object.values(backends.webgpu.files),
      knownClip,
    ];
    for (const { path, bytes, sha256 } of files) {
      const data = readFileSync(`public/models/${path}`);
      expect([path, data.length]).toEqual([path, bytes]);
      expect(createHash('sha256').update(data).digest('hex')).toBe(sha256);
    }
  });

  it('keeps what one backend downloads below 12 MB, and learnt from nothing share-alike', () => {
    const [{ backends, credits, licence }] = catalogue.models;
    for (const { files } of Object.values(backends))
      expect(Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(12e6);
    expect([licence, ...credits].filter((text) => /BY-SA|GPL/.test(text))).toEqual([]);
  });

  it.each([
    ['a weight of 0, which leaves nothing to hope for', { weight: 0 }],
    ['a score above certainty', { newWordScore: 1 }],
    ['a bonus that takes away', { hotBonus: -1 }],
    ['a margin below the best', { entryMargin: -1 }],
    ['no beam', { beam: 0 }],
  ])('refuses %s', (_, change) => {
    const search = catalogue.models[0]?.search;
    expect(ctcSearchSchema.safeParse(search).success).toBe(true);
    expect(ctcSearchSchema.safeParse({ ...search, ...change }).success).toBe(false);
  });

  it.each(['../secret', '/etc/passwd', 'https://example.com/model.onnx', 'a//b', 'a/../b', ''])(
    'refuses the path %j',
    (path) => {
      const file = { path, bytes: 1, sha256: '0'.repeat(64) };
      expect(modelFileSchema.safeParse(file).success).toBe(false);
    },
  );
});
