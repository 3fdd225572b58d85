import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../app/_features/i18n';
import type { PublishedModel } from '../../lib/catalogue/catalogue';
import { FAMILY_ROLES } from '../../lib/catalogue/families';
import { catalogueText, readCatalogue } from './catalogue';

const catalogue = readCatalogue();
const published = catalogue.models.filter(
  (model): model is PublishedModel => model.family !== 'ctc' && model.repository !== '',
);
const named = published.map((model) => [model.id, model] as const);
const EIGHT_BITS = /quantized|int8|uint8|q8/;

it('the catalogue is as its sources make it: node tools/run.mjs tools/catalogue/write.ts', () => {
  expect(readFileSync('public/models/catalogue.json', 'utf8')).toBe(catalogueText());
});

it.each(LANGUAGES.filter(({ tag, name }) => name && tag !== 'en').map(({ tag }) => tag))(
  'every model is described in %s',
  (tag) => {
    const missing = catalogue.models.filter(({ descriptions }) => !descriptions?.[tag]);
    expect(missing.map(({ id }) => id)).toEqual([]);
  },
);

describe('the published models of the catalogue', () => {
  it('have ids of their own', () => {
    const ids = catalogue.models.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(named)('%s has every file its family needs, and none it does not know', (_, model) => {
    const { needed, optional } = FAMILY_ROLES[model.family];
    const variants = Object.values(model.backends).filter((variant) => variant !== null);
    expect(variants.length).toBeGreaterThan(0);
    for (const { files } of variants) {
      expect(Object.keys(files)).toEqual(expect.arrayContaining([...needed]));
      expect([...needed, ...optional]).toEqual(expect.arrayContaining(Object.keys(files)));
    }
  });

  it.each(named)('%s runs no 8-bit weights on webgpu, where they give a wrong text', (_, model) => {
    const { webgpu } = model.backends;
    const paths = Object.values(webgpu?.files ?? {}).map(({ path }) => path);
    expect([...paths, webgpu?.precision ?? ''].filter((text) => EIGHT_BITS.test(text))).toEqual([]);
  });

  it.each(named)('%s asks for shader-f16 exactly where its weights are fp16', (_, model) => {
    for (const variant of Object.values(model.backends)) {
      if (!variant) continue;
      const isHalf = Object.values(variant.files).some(({ path }) => /f16/.test(path));
      const isNamed = Object.values(variant.files).some(({ path }) => /fp16/.test(path));
      expect(variant.needs).toEqual(isHalf || isNamed ? ['shader-f16'] : []);
    }
  });

  it.each(named)('%s names its languages as BCP 47 has them', (_, model) => {
    // Whisper's own code for Javanese, which BCP 47 withdrew
    expect(model.languages).not.toContain('jw');
    const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
    expect(model.languages.filter((code) => names.of(code) === undefined)).toEqual([]);
  });

  it.each(named)('%s says whose scores it has', (_, { scores }) => {
    for (const { percent, source } of scores) {
      expect(percent).toBeLessThan(100);
      expect(source).toMatch(/\w/);
    }
  });
});
