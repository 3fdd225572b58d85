import { describe, expect, it } from 'vitest';
import { chosenLanguages, withLanguage } from './spoken-languages';

const known = ['en', 'fr', 'de', 'es'];

describe('chosenLanguages', () => {
  it('are those of the setting that the model knows, each once, three at most', () => {
    expect(chosenLanguages(null, known)).toEqual([]);
    expect(chosenLanguages('fr', known)).toEqual(['fr']);
    expect(chosenLanguages('fr,xx,en,fr', known)).toEqual(['fr', 'en']);
    expect(chosenLanguages('fr,en,de,es', known)).toEqual(['fr', 'en', 'de']);
  });
});

describe('withLanguage', () => {
  it('chooses the language at a place', () => {
    expect(withLanguage([], 0, 'fr')).toBe('fr');
    expect(withLanguage(['fr'], 1, 'en')).toBe('fr,en');
    expect(withLanguage(['fr', 'en'], 0, 'de')).toBe('de,en');
  });

  it('takes one away, and those behind move up', () => {
    expect(withLanguage(['fr', 'en'], 0, '')).toBe('en');
    expect(withLanguage(['fr', 'en'], 1, '')).toBe('fr');
    expect(withLanguage(['fr'], 0, '')).toBeNull();
  });
});
