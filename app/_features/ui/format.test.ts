import { afterEach, describe, expect, it, vi } from 'vitest';
import { catalogue } from '@/app/_features/i18n';
import { activate } from '@/app/_features/i18n/catalogue';
import { ENGLISH, languageFor } from '@/app/_features/i18n/languages';
import {
  channelsText,
  formatBytes,
  formatDate,
  formatDuration,
  formatMeasured,
  formatMoment,
  formatNumber,
  formatRoughBytes,
  formatSpeed,
  snippet,
  trackLabel,
} from './format';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 KB'],
    [12_345_678, '12.3 MB'],
    [999_600, '1.0 MB'],
    [150_000_000, '150 MB'],
    [2_600_000_000, '2.6 GB'],
    [5e15, '5,000 TB'],
  ])('writes %i bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatRoughBytes', () => {
  it.each([
    [43_200_000, '43 MB'],
    [9_960_000, '10 MB'],
    [9_400_000, '9.4 MB'],
    [1_620_000_000, '1.6 GB'],
  ])('writes about %i bytes as %s', (bytes, text) => {
    expect(formatRoughBytes(bytes)).toBe(text);
  });
});

describe('formatSpeed', () => {
  afterEach(() => activate(ENGLISH, null));

  it('writes decimals as the reader does', () => {
    expect([1, 1.25, 2.5].map(formatSpeed)).toEqual(['1×', '1.25×', '2.5×']);
    activate(languageFor('de', []), null);
    expect([1, 1.25, 2.5].map(formatSpeed)).toEqual(['1×', '1,25×', '2,5×']);
  });
});

describe('a number with its unit', () => {
  afterEach(() => activate(ENGLISH, null));

  it('is isolated where the page runs from right to left', () => {
    activate(languageFor('en-XB', []), null);
    expect(formatBytes(170_000)).toBe('\u2068170 KB\u2069');
    expect(formatRoughBytes(43_200_000)).toBe('\u206843 MB\u2069');
    expect(formatSpeed(1)).toBe('\u20681×\u2069');
  });
});

describe('formatNumber', () => {
  const words = catalogue('ui', { words: '{count, plural, one {# word} other {# words}}' });

  afterEach(() => {
    vi.unstubAllGlobals();
    activate(ENGLISH, null);
  });

  it.each([
    [['en-US'], '1,204'],
    [['en-IN', 'de'], '1,204'],
    [['de-DE', 'en'], '1.204'],
    [['de-AT'], '1\u00a0204'],
    [['fr-FR'], '1,204'],
  ])('writes 1204 for a browser of %j as %s, as messages do', (languages, written) => {
    vi.stubGlobal('navigator', { languages });
    activate(languageFor(null, languages), null);
    expect(formatNumber(1204)).toBe(written);
    expect(words('words', { count: 1204 })).toBe(`${written} words`);
  });

  it('writes decimals, and groups from the first thousand on', () => {
    expect([formatNumber(999), formatNumber(1000), formatNumber(12_345.678, 1)]).toEqual([
      '999',
      '1,000',
      '12,345.7',
    ]);
  });
});

describe('formatDuration', () => {
  it.each([
    [40_000, '40 s'],
    [180_000, '3 min'],
    [3_600_000, '1 h'],
    [3_900_000, '1 h 5 min'],
  ])('writes %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatDate', () => {
  it('gives nothing for a date that cannot be read', () => {
    expect(formatDate('yesterday')).toBe('');
    expect(formatDate('2026-11-23T10:00:00Z', 'en')).toContain('2026');
  });
});

describe('formatMoment', () => {
  it('is the date with seconds', () => {
    const iso = '2026-11-23T18:05:32';
    const [before = '', after = ''] = formatMoment(iso, 'en-GB').split(':32');
    expect(before + after).toBe(formatDate(iso, 'en-GB'));
    expect(formatMoment('yesterday')).toBe('');
  });
});

describe('formatMeasured', () => {
  it('counts milliseconds below a second, and seconds with one decimal above', () => {
    expect(formatMeasured(412.4)).toBe('412 ms');
    expect(formatMeasured(999.6)).toBe('1.0 s');
    expect(formatMeasured(24_149)).toBe('24.1 s');
  });
});

describe('snippet', () => {
  const text = 'The quick brown fox jumps over the lazy dog while the cat sleeps in the sun';

  it('keeps a short text whole and marks the match as it is written', () => {
    expect(snippet('The Fox', 'fox')).toEqual({ before: 'The ', match: 'Fox', after: '' });
  });

  it('cuts at words on both sides', () => {
    expect(snippet(text, 'lazy', 12)).toEqual({
      before: '… over the ',
      match: 'lazy',
      after: ' dog while …',
    });
  });

  it('cuts text without spaces beside the match', () => {
    const before = '今天'.repeat(50);
    const after = '明天'.repeat(50);
    expect(snippet(`${before}天气${after}`, '天气', 6)).toEqual({
      before: '… 今天今天今天',
      match: '天气',
      after: '明天明天明天 …',
    });
  });

  it('gives null when nothing matches or nothing is looked for', () => {
    expect(snippet(text, 'horse')).toBeNull();
    expect(snippet(text, '  ')).toBeNull();
  });
});

describe('trackLabel', () => {
  it.each([
    [null, null, 'Track 2'],
    ['Commentary', null, 'Track 2 · Commentary'],
    [null, 'eng', 'Track 2 · English'],
    ['Director', 'pt-BR', 'Track 2 · Director · Brazilian Portuguese'],
    [null, 'not a code', 'Track 2 · not a code'],
  ])('shows the name %s and the language %s', (name, language, label) => {
    expect(trackLabel({ name, language }, 1)).toBe(label);
  });
});

describe('channelsText', () => {
  it('has the usual names and counts the others', () => {
    expect([1, 2, 4, 6, 8].map(channelsText)).toEqual([
      'mono',
      'stereo',
      '4 channels',
      '5.1',
      '7.1',
    ]);
  });
});
