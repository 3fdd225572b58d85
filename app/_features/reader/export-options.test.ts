import { afterEach, expect, it } from 'vitest';
import { activate } from '@/app/_features/i18n/catalogue';
import { ENGLISH, LANGUAGES } from '@/app/_features/i18n/languages';
import { messages } from '@/app/messages/de';
import { EXPORT_FORMATS } from '@/lib/export';
import { formatLabel } from './export-options';

afterEach(() => activate(ENGLISH, null));

it('names the formats that have no name of their own in the language of the page', () => {
  const unnamed = EXPORT_FORMATS.filter(({ label }) => label === null);
  expect(unnamed.map(formatLabel)).toEqual(['Plain text (.txt)', 'Own template (.txt)']);
  const german = LANGUAGES.find(({ tag }) => tag === 'de');
  if (german) activate(german, messages);
  expect(unnamed.map(formatLabel)).toEqual(['Nur Text (.txt)', 'Eigene Vorlage (.txt)']);
});
