import { describe, expect, it } from 'vitest';
import { comesWithApp, findModel, readCatalogue } from './catalogue';

const catalogue = readCatalogue();

describe.each(['ai2text-en', 'ai2text-base'])('the built-in model %s', (id) => {
  it('is served by the app, so no hub is asked for it', () => {
    expect(comesWithApp(id, catalogue)).toBe(true);
    expect(() => findModel(id, catalogue)).toThrow(`${id} comes with the app`);
  });
});

describe('a model of the hub', () => {
  it('is found by its id and by its repository', () => {
    expect(comesWithApp('whisper-base', catalogue)).toBe(false);
    const { id, repository } = findModel('whisper-base', catalogue);
    expect(id).toBe('whisper-base');
    expect(findModel(repository.toUpperCase(), catalogue)).toMatchObject({ id });
  });

  it('is said to be none of the catalogue, with those it has', () => {
    expect(() => findModel('whisper-huge', catalogue)).toThrow(
      /has no model whisper-huge; it has (?!ai2text)/,
    );
  });
});

it('a model that tells speakers apart is refused where words are wanted', () => {
  expect(() => findModel('titanet-small', catalogue)).toThrow('writes no words');
});
