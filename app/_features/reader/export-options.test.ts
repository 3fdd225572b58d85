import { afterEach, expect, it } from 'vitest';
import { activate } from '@/app/_features/i18n/catalogue';
import { ENGLISH, LANGUAGES } from '@/app/_features/i18n/languages';
import { messages } from '@/app/messages/de';
import { EXPORT_FORMATS } from '@/lib/export';
import { formatLabel } from './export-options';

afterEach(() => activate(ENGLISH, null));

function use(tag: string): void {
  const language = LANGUAGES.find((one) => one.tag === tag);
  if (language) activate(language, tag === 'de' ? messages : null);
}

const labels = () => EXPORT_FORMATS.map(({ id }) => formatLabel(id));

it('names the formats in the order of the menu', () => {
  expect(labels()).toEqual([
    'Plain text (.txt)',
    'SubRip (.srt)',
    'WebVTT (.vtt)',
    'JSON (.json)',
    'Markdown (.md)',
    'CSV (.csv)',
    'Word (.docx)',
    'HTML (.html)',
    'ELAN (.eaf)',
    'EXMARaLDA (.exb)',
    'MAXQDA (.txt)',
    'QualCoder (.txt)',
    'DAPT (.ttml)',
    'Own template (.txt)',
  ]);
});

it.each(['en', 'de'])('names no format without its extension: %s', (tag) => {
  use(tag);
  for (const { id, extension } of EXPORT_FORMATS)
    expect(formatLabel(id)).toContain(`(.${extension})`);
});

it('names the formats in the language of the page', () => {
  use('de');
  expect(labels().at(0)).toBe('Nur Text (.txt)');
  expect(labels().at(-1)).toBe('Eigene Vorlage (.txt)');
});
