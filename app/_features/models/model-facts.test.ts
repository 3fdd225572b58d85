import { describe, expect, it } from 'vitest';
import {
  canTranslate,
  choosableLanguages,
  chosenLanguages,
  languagesText,
  namedLanguages,
  scoreSources,
  scoreText,
  sizeText,
  transferPercent,
  transferText,
  withLanguage,
} from './model-facts';
import { testModel } from './test-models';

describe('sizeText', () => {
  const file = (bytes: number | null) => ({ path: 'a.onnx', bytes, sha256: null });
  const variant = (files: Record<string, ReturnType<typeof file>>, approximateBytes: number) => ({
    precision: 'q8',
    files,
    approximateBytes,
    needs: [],
  });

  it.each([
    [43e6, 'about 43 MB'],
    [9_400_000, 'about 9.4 MB'],
    [206e6, 'about 206 MB'],
    [1.62e9, 'about 1.6 GB'],
  ])('says that %d bytes are rounded where a length is not known', (bytes, expected) => {
    expect(sizeText(variant({ a: file(5), b: file(null) }, bytes))).toBe(expected);
  });

  it('adds the lengths up where all are known', () => {
    expect(sizeText(variant({ a: file(1_000_000), b: file(234_567) }, 9))).toBe('1.2 MB');
  });
});

describe('languages', () => {
  it('are named when they are few and counted when they are many', () => {
    expect(languagesText(['en'])).toBe('English');
    expect(languagesText(['en', 'de'])).toBe('English and German');
    expect(languagesText(['en', 'de', 'fr'])).toBe('3 languages');
    expect(languagesText(['mul'])).toBe('several languages');
  });

  it('are listed by name', () => {
    expect(namedLanguages(['sv', 'en', 'yue']).map(({ name }) => name)).toEqual([
      'Cantonese',
      'English',
      'Swedish',
    ]);
  });
});

describe('scores', () => {
  const scores = [
    { percent: 5.66, on: 'LibriSpeech test-clean', source: 'Open ASR Leaderboard' },
    { percent: 15.45, on: 'LibriSpeech test-other', source: 'Open ASR Leaderboard' },
  ];

  it('say what was measured on, and name a source once', () => {
    expect(scores.map(scoreText)).toEqual([
      'LibriSpeech test-clean 5.7 %',
      'LibriSpeech test-other 15.5 %',
    ]);
    expect(scoreSources(scores)).toBe('Open ASR Leaderboard');
  });
});

describe('transferText', () => {
  it('says how much has come and how long it takes', () => {
    const progress = { doneBytes: 12_300_000, totalBytes: 206_000_000 };
    expect(transferText(progress)).toBe('12.3 MB of 206 MB');
    expect(transferText(progress, 28)).toBe('12.3 MB of 206 MB, about 30 s left');
    expect(transferPercent(progress)).toBe(5);
    expect(transferPercent({ doneBytes: 0, totalBytes: 0 })).toBe(0);
  });
});

describe('canTranslate', () => {
  it.each([
    ['multilingual Whisper', {}, true],
    ['Whisper of languages that its makers did not list', { languages: ['mul'] }, true],
    ['English Whisper', { languages: ['en'] }, false],
    ['turbo', { repository: 'onnx-community/whisper-large-v3-turbo_timestamped' }, false],
    ['distilled Whisper', { repository: 'someone/distil-large-v3' }, false],
    ['Parakeet', { family: 'tdt' as const }, false],
  ])('of %s', (_, change, expected) => {
    expect(canTranslate(testModel(change))).toBe(expected);
  });
});

describe('choosableLanguages', () => {
  const list = [
    { model: testModel(), state: { state: 'absent' as const }, added: false },
    {
      model: testModel({ id: 'p', family: 'tdt', languages: ['en', 'sv'] }),
      state: { state: 'absent' as const },
      added: false,
    },
  ];

  it('are those of the model', () => {
    expect(choosableLanguages(testModel({ languages: ['en', 'sv'] }), list)).toEqual(['en', 'sv']);
    expect(choosableLanguages(testModel({ languages: ['en'] }), list)).toEqual(['en']);
  });

  it('are those of its family where its makers did not list them', () => {
    const model = testModel({ id: 'mine', languages: ['mul'] });
    expect(choosableLanguages(model, list)).toEqual(['en', 'de', 'fr']);
  });
});

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

  it('removes one, and later ones move up', () => {
    expect(withLanguage(['fr', 'en'], 0, '')).toBe('en');
    expect(withLanguage(['fr', 'en'], 1, '')).toBe('fr');
    expect(withLanguage(['fr'], 0, '')).toBeNull();
  });
});
