import { describe, expect, it } from 'vitest';
import { comesWithApp, findModel } from './find-model.mjs';
import { readCatalogue } from './wanted-model.mjs';

const catalogue = readCatalogue();

describe.each(['ai2text-en', 'ai2text-base'])('the built-in model %s', (id) => {
  it('is served by the app, so no hub is asked for it', async () => {
    expect(comesWithApp(id, catalogue)).toBe(true);
    await expect(findModel(id, catalogue)).rejects.toThrow(`${id} comes with the app`);
  });
});

describe('a model of the hub', () => {
  it('is found by its id and by its repository', async () => {
    expect(comesWithApp('whisper-base', catalogue)).toBe(false);
    const { id, repository } = await findModel('whisper-base', catalogue);
    expect(id).toBe('whisper-base');
    expect(await findModel(repository.toUpperCase(), catalogue)).toMatchObject({ id });
  });

  it('is said to be none of the catalogue, with those it has', async () => {
    await expect(findModel('whisper-huge', catalogue)).rejects.toThrow(
      /has no model whisper-huge; it has (?!ai2text)/,
    );
  });
});
