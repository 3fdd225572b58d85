import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, describe, expect, it } from 'vitest';
import { activate, catalogue, type Dictionary, FEATURES } from './catalogue';
import { ENGLISH, LANGUAGES } from './languages';

const t = catalogue('ui', {
  plain: 'Close',
  words: '{count, plural, one {# word} other {# words}} in {place}',
  marked: 'The <b>{name}</b> model',
});
const words = (count: number) => t('words', { count, place: 'it' });

function use(tag: string, ui: Record<string, string>): void {
  const language = LANGUAGES.find((one) => one.tag === tag);
  const others = Object.fromEntries(FEATURES.map((feature) => [feature, {}]));
  if (language) activate(language, { ...others, ui } as Dictionary);
}

afterEach(() => activate(ENGLISH, null));

describe('a catalogue', () => {
  it('is English until another language is in use', () => {
    expect(t('plain')).toBe('Close');
    expect([words(1), words(1234)]).toEqual(['1 word in it', '1,234 words in it']);
    use('de', { plain: 'Schließen', words: '{count, plural, one {# Wort} other {# Wörter}}' });
    expect([t('plain'), words(1234)]).toEqual(['Schließen', '1.234 Wörter']);
  });

  it('puts elements where a message has them', () => {
    const text = () =>
      renderToStaticMarkup(
        t.rich('marked', { name: 'Base', b: (name) => createElement('i', null, name) }),
      );
    expect(text()).toBe('The <i>Base</i> model');
    use('de', { marked: 'Modell <b>{name}</b>' });
    expect(text()).toBe('Modell <i>Base</i>');
    use('de', { marked: '<b>{name}</b>' });
    expect(text()).toBe('<i>Base</i>');
  });

  it('marks every text in the pseudo-language, and makes it longer', () => {
    use('en-XB', {});
    expect(t('plain')).toBe('[Close ~~]');
    expect(renderToStaticMarkup(t.rich('marked', { name: 'Base', b: (name) => name }))).toMatch(
      /^\[The Base model ~+\]$/,
    );
  });
});
