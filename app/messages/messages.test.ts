import { parse } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import { FEATURES, type Messages } from '@/app/_features/i18n/catalogue';
import { LANGUAGES } from '@/app/_features/i18n/languages';
import { MESSAGES } from '.';

/** Names of a message's arguments and elements, however deep in it. */
function namesIn(message: string): string[] {
  const names = new Set<string>();
  JSON.stringify(parse(message), (_key, part: unknown) => {
    // literal text is type 0, and a number sign in a plural has no name
    if (typeof part === 'object' && part && 'type' in part && part.type !== 0 && 'value' in part)
      names.add(String(part.value));
    return part;
  });
  return [...names].sort();
}

async function english(feature: string): Promise<Messages> {
  const { en } = await import(`../_features/${feature}/messages/en.ts`);
  return en;
}

describe.each(Object.entries(MESSAGES))('the messages in %s', (tag, load) => {
  it('belong to a language that can be chosen', () => {
    expect(LANGUAGES.find((language) => language.tag === tag)?.name).toBeTruthy();
  });

  it.each(FEATURES)('have the arguments of the English ones: %s', async (feature) => {
    const sources = await english(feature);
    const translated = (await load())[feature];
    const differing = Object.entries(sources).flatMap(([key, source]) => {
      const message = translated[key] ?? '';
      return namesIn(source).join() === namesIn(message).join() ? [] : [`${key}: ${message}`];
    });
    expect(differing).toEqual([]);
  });

  it.each(FEATURES)('are not left in English: %s', async (feature) => {
    const sources = await english(feature);
    const translated = (await load())[feature];
    const same = Object.entries(sources)
      .filter(([key, source]) => /[a-z]{3} [a-z]{2}/.test(source) && translated[key] === source)
      .map(([key]) => key);
    expect(same).toEqual([]);
  });
});
