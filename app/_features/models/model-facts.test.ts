import { afterEach, describe, expect, it } from 'vitest';
import { activate } from '@/app/_features/i18n/catalogue';
import { ENGLISH, LANGUAGES } from '@/app/_features/i18n/languages';
import { messages } from '@/app/messages/de';
import { ERROR_CODES } from '@/lib/core/errors';
import catalogue from '@/public/models/catalogue.json';
import {
  addProblemText,
  canTranslate,
  canUse,
  checkProblemText,
  choosableLanguages,
  chosenLanguages,
  type Device,
  downloadProblemText,
  fittingChoices,
  languagesText,
  namedLanguages,
  obstacle,
  scoreSources,
  scoreText,
  sizeText,
  transferPercent,
  transferText,
  withLanguage,
} from './model-facts';
import { halfPrecisionModel, testModel } from './test-models';

describe('failures', () => {
  it('say how much space is missing', () => {
    const details = { neededBytes: 206_000_000, freeBytes: 50_000_000 };
    for (const textOf of [downloadProblemText, addProblemText]) {
      expect(textOf({ code: 'STORE_QUOTA', details }).happened).toMatch(
        /needs 206 MB, and 50\.0 MB are free/,
      );
      const spare = { neededBytes: 40_000_000, freeBytes: 50_000_000 };
      expect(textOf({ code: 'STORE_QUOTA', details: spare }).happened).toMatch(
        /only 50\.0 MB are free, of which some is left/,
      );
      expect(textOf({ code: 'STORE_QUOTA', details: {} }).happened).toMatch(/full/);
    }
  });

  it.each(['OFFLINE', 'MODEL_DOWNLOAD_FAILED', 'MODEL_HASH_MISMATCH', 'NOT_FOUND'] as const)(
    'say of %s what to do next',
    (code) => {
      expect(downloadProblemText({ code, details: {} }).next).toMatch(/\w+\.$/);
    },
  );

  it('have words for every code', () => {
    for (const code of ERROR_CODES)
      for (const textOf of [downloadProblemText, addProblemText])
        expect(textOf({ code, details: {} }).happened).toMatch(/^[A-Z].*\.$/);
  });
});

describe('checkProblemText', () => {
  it('says what each backend made of the self-test clip', () => {
    const details = { webgpu: 'wrong-text: he', wasm: 'failed: RECOGNISE_FAILED' };
    expect(checkProblemText({ code: 'BACKEND_UNAVAILABLE', details })).toBe(
      'Tried on a test recording: WASM stopped with an error, so it is not used. WebGPU gives a wrong text, so it is not used.',
    );
  });

  it('distinguishes a wrong text from no text', () => {
    const details = { wasm: 'wrong-text: ' };
    expect(checkProblemText({ code: 'BACKEND_UNAVAILABLE', details })).toBe(
      'Tried on a test recording: WASM gives no text, so it is not used.',
    );
  });

  it('falls back to the words for the failure', () => {
    for (const code of ['BACKEND_UNAVAILABLE', 'OFFLINE'] as const)
      expect(checkProblemText({ code, details: {} })).toMatch(/^[A-Z].*\.$/);
  });
});

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
  afterEach(() => activate(ENGLISH, null));

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

  it('say in the language of the page what is no name', () => {
    const german = LANGUAGES.find(({ tag }) => tag === 'de');
    if (german) activate(german, messages);
    const all = catalogue.models.flatMap((model) => model.scores ?? []);
    const measures = [...new Set(all.map(({ on }) => on))];
    const texts = measures.map((on) => scoreText({ percent: 5.66, on, source: '' }));
    expect(texts.sort()).toEqual([
      'LibriSpeech test-clean 5,7 %',
      'LibriSpeech test-other 5,7 %',
      'Mittel über 8 englische Testdatensätze 5,7 %',
    ]);
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

const gpu = (...features: string[]): Device['gpu'] => ({
  usable: true,
  name: 'a card',
  features: new Set(features),
});
const noGpu: Device['gpu'] = {
  usable: false,
  problem: 'no-webgpu',
  reason: 'This browser has no WebGPU.',
};

const backends = (model: Parameters<typeof fittingChoices>[0], device: Device) =>
  fittingChoices(model, device).map(({ backend }) => backend);

describe('fittingChoices', () => {
  it.each<[string, Device, string[]]>([
    ['a graphics processor is there', { gpu: gpu(), wished: 'auto' }, ['webgpu', 'wasm']],
    ['there is none', { gpu: noGpu, wished: 'auto' }, ['wasm']],
    ['there is none but it is wished', { gpu: noGpu, wished: 'webgpu' }, ['wasm']],
    ['the browser was not asked yet', { gpu: null, wished: 'auto' }, ['wasm']],
    ['the user wants the main processor', { gpu: gpu(), wished: 'wasm' }, ['wasm']],
  ])('takes what runs, the faster first, when %s', (_, device, expected) => {
    expect(backends(testModel(), device)).toEqual(expected);
  });

  it('takes fp16 weights only where the graphics processor has shader-f16', () => {
    const model = halfPrecisionModel();
    expect(backends(model, { gpu: gpu('shader-f16'), wished: 'auto' })).toEqual(['webgpu']);
    expect(backends(model, { gpu: gpu(), wished: 'auto' })).toEqual([]);
  });
});

describe('obstacle', () => {
  it('says nothing where a model runs', () => {
    expect(obstacle(testModel(), { gpu: noGpu, wished: 'auto' })).toBeNull();
  });

  it('says why a model cannot run here', () => {
    const model = halfPrecisionModel();
    expect(obstacle(model, { gpu: noGpu, wished: 'auto' })).toBe('This browser has no WebGPU.');
    expect(obstacle(model, { gpu: gpu(), wished: 'auto' })).toMatch(/half precision/);
    expect(obstacle(model, { gpu: gpu('shader-f16'), wished: 'wasm' })).toMatch(/Settings/);
  });
});

describe('canUse', () => {
  it('is only for models that are here, for a backend that works here', () => {
    const device: Device = { gpu: noGpu, wished: 'auto' };
    const has = (...list: ('wasm' | 'webgpu')[]) =>
      canUse(testModel(), { state: 'installed', backends: list, bytes: 1 }, device);
    expect(canUse(testModel(), { state: 'absent' }, device)).toBe(false);
    expect(has('wasm')).toBe(true);
    expect(has('webgpu')).toBe(false);
    expect(has('webgpu', 'wasm')).toBe(true);
  });
});
