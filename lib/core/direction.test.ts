import { describe, expect, it } from 'vitest';
import { directionOfLanguage, directionOfParagraph, isolated, textAttributes } from './direction';

describe('the direction of a language', () => {
  it.each([
    'ar',
    'ar-EG',
    'he',
    'iw',
    'fa',
    'fa-IR',
    'ur',
    'yi',
    'ps',
    'sd',
    'ckb',
    'ug',
    'dv',
    'uz-Arab',
    'pa-PK',
  ])('is from right to left for %s', (tag) => {
    expect(directionOfLanguage(tag)).toBe('rtl');
  });

  it.each(['en', 'de', 'de-CH', 'zh', 'ja', 'tr', 'uz', 'ru', 'hi', 'az', 'ar-Latn', 'und', 'xx'])(
    'is from left to right for %s',
    (tag) => {
      expect(directionOfLanguage(tag)).toBe('ltr');
    },
  );

  it.each(['', 'auto detect', '?'])('is not known for %j', (tag) => {
    expect(directionOfLanguage(tag)).toBeNull();
  });
});

describe('the look of a text', () => {
  it.each([
    ['Arabic', 'مرحبا بالعالم. كيف الحال؟', 'ar', 'rtl', 'ar'],
    ['Hebrew', 'שלום עולם. מה שלומך?', 'he', 'rtl', 'he'],
    ['Persian', 'سلام دنیا. حال شما چطور است؟', 'fa', 'rtl', 'fa'],
    ['Urdu', 'ہیلو دنیا۔ آپ کیسے ہیں؟', 'ur', 'rtl', 'ur'],
    [
      'Arabic that begins with Latin letters',
      'AI2Text برنامج يحول الكلام إلى نص.',
      'ar',
      'rtl',
      'ar',
    ],
    ['Hebrew with numbers', '12.5% מהאנשים, 3 בלבד', 'he', 'rtl', 'he'],
    ['English', 'Heavy rain, they said.', 'en', 'ltr', 'en'],
    ['English with a word of Arabic', 'He said مرحبا and left.', 'en', 'ltr', 'en'],
    ['German', 'Öffne dich, Sesam!', 'de', 'ltr', 'de'],
    ['numbers alone in Arabic', '12:30', 'ar', 'rtl', 'ar'],
    ['nothing in English', '', 'en', 'ltr', 'en'],
    // the language is wrong, or that of what was said and translated
    ['Hebrew that is called English', 'שלום עולם', 'en', 'rtl', ''],
    ['English that is called Arabic', 'Peace be upon you', 'ar', 'ltr', ''],
    ['English of an unknown language', 'Peace', '', 'ltr', ''],
  ])('is right for %s', (_, text, language, dir, lang) => {
    expect(textAttributes([text], language)).toEqual({ dir, lang });
  });

  it('goes by most letters of the whole, not by its first paragraph', () => {
    const texts = ['OK, go.', 'نعم، لنبدأ الآن بالحديث عن الموضوع', 'Whisper', 'ثم ننتهي'];
    expect(textAttributes(texts, 'ar').dir).toBe('rtl');
  });
});

describe('a paragraph of a text', () => {
  it.each([
    ['runs as the whole', 'שלום.', 'rtl', 'rtl'],
    ['runs as the whole when most of its letters do not', 'Chrome, Firefox ו־Safari', 'rtl', 'rtl'],
    ['runs as the whole without letters', '1984!', 'rtl', 'rtl'],
    ['runs its own way when it is all in another script', 'Thank you very much.', 'rtl', 'ltr'],
    ['runs its own way in a text from left to right', 'תודה רבה.', 'ltr', 'rtl'],
    ['stays with the whole for a quoted word', 'She said תודה.', 'ltr', 'ltr'],
  ] as const)('%s', (_, text, whole, dir) => {
    expect(directionOfParagraph(text, whole)).toBe(dir);
  });
});

describe('a text within another', () => {
  it('is set apart where it runs from right to left, and else left as it is', () => {
    expect(isolated('Weather report')).toBe('Weather report');
    expect(isolated('تقرير')).toBe('\u2068تقرير\u2069');
    expect(isolated('170 KB', 'rtl')).toBe('\u2068170 KB\u2069');
  });
});
