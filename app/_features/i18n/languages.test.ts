import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { LANGUAGE_SCRIPT, languageFor } from './languages';

/** What the page's script makes of a visit: its attributes. */
function runScript(stored: string | null, languages: readonly string[]) {
  const documentElement = { lang: 'en', dir: '', dataset: {} as Record<string, string> };
  runInNewContext(LANGUAGE_SCRIPT, {
    document: { documentElement },
    localStorage: { getItem: () => stored },
    navigator: { languages },
  });
  return documentElement;
}

describe('the language of the page', () => {
  it.each<[string | null, string[], string]>([
    [null, [], 'en'],
    [null, ['fr-FR', 'de-AT', 'en'], 'de'],
    [null, ['en-GB', 'de'], 'en'],
    [null, ['fr', 'it'], 'en'],
    ['de', ['en'], 'de'],
    ['en', ['de'], 'en'],
    ['en-XB', ['de'], 'en-XB'],
    ['klingon', ['de'], 'de'],
    ['constructor', [], 'en'],
  ])(
    'chosen %s, of a browser that wants %j, is %s, before the first paint too',
    (stored, wanted, tag) => {
      expect(languageFor(stored, wanted).tag).toBe(tag);
      expect(runScript(stored, wanted).lang).toBe(tag);
    },
  );

  it('hides the page until its messages are there, but for English', () => {
    expect(runScript('en', ['de']).dataset).toEqual({});
    expect(runScript(null, ['de']).dataset).toEqual({ language: 'coming' });
    expect(runScript('en-XB', [])).toMatchObject({ dir: 'rtl' });
  });
});
