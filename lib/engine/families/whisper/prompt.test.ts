import { describe, expect, it } from 'vitest';
import type { WhisperConfig } from './config';
import { languageTag, promptTokens, whisperLanguage } from './prompt';

const languages = new Map([
  ['en', 11],
  ['pt', 12],
  ['no', 13],
  ['jw', 14],
  ['he', 15],
  ['zh', 16],
  ['tl', 17],
]);

const config: WhisperConfig = {
  melBands: 80,
  vocabularySize: 2000,
  encoderHeads: 2,
  decoderLayers: 2,
  decoderHeads: 1,
  decoderHeadSize: 8,
  maxLength: 448,
  startId: 10,
  endId: 9,
  previousId: null,
  noTimesId: 23,
  firstTimeId: 24,
  noSpeechId: 22,
  languages,
  tasks: { transcribe: 21, translate: 20 },
  suppressed: [],
  suppressedFirst: [],
  maxInitialTime: 50,
  alignmentHeads: null,
  shortestWindow: 30,
};

describe('whisperLanguage', () => {
  it.each([
    ['en', 'en'],
    ['pt-BR', 'pt'],
    ['EN-us', 'en'],
    ['nb', 'no'],
    ['nb-NO', 'no'],
    ['jv', 'jw'],
    ['jw', 'jw'],
    ['iw', 'he'],
    ['fil', 'tl'],
    ['zh-Hant-TW', 'zh'],
    ['cmn', 'zh'],
  ])('takes %s for "%s"', (tag, code) => {
    expect(whisperLanguage(tag, languages)).toBe(code);
  });

  it('takes Cantonese, however it is written, for Chinese where a model has no Cantonese', () => {
    const newer = new Map([...languages, ['yue', 18]] as [string, number][]);
    for (const tag of ['yue', 'zh-yue', 'zh-HK', 'yue-Hant-HK']) {
      expect(whisperLanguage(tag, languages)).toBe('zh');
      expect(whisperLanguage(tag, newer)).toBe('yue');
    }
  });

  it('takes Nynorsk for Norwegian only where a model has no Nynorsk', () => {
    expect(whisperLanguage('nn', languages)).toBe('no');
    expect(whisperLanguage('nn', new Map([...languages, ['nn', 19]] as [string, number][]))).toBe(
      'nn',
    );
  });

  it('has no code for other languages and for invalid tags', () => {
    expect(whisperLanguage('tlh', languages)).toBeNull();
    expect(whisperLanguage('not a language', languages)).toBeNull();
    expect(whisperLanguage('', languages)).toBeNull();
  });
});

describe('languageTag', () => {
  it("gives BCP 47 for Whisper's codes", () => {
    expect(languageTag('jw')).toBe('jv');
    expect(languageTag('en')).toBe('en');
  });
});

describe('promptTokens', () => {
  it('names start, language and task', () => {
    const prompt = promptTokens(config, { language: 'pt', task: 'transcribe', times: true });
    expect(prompt).toEqual([10, 12, 21]);
  });

  it('asks for a translation', () => {
    const prompt = promptTokens(config, { language: 'pt', task: 'translate', times: true });
    expect(prompt).toEqual([10, 12, 20]);
  });

  it('does not ask for a translation of English, nor of a model that has none', () => {
    expect(promptTokens(config, { language: 'en', task: 'translate', times: true })).toEqual([
      10, 11, 21,
    ]);
    const without = { ...config, tasks: { transcribe: 21, translate: null } };
    expect(promptTokens(without, { language: 'pt', task: 'translate', times: true })).toEqual([
      10, 12, 21,
    ]);
  });

  it('puts the words into the prompt of models that take one', () => {
    const wanted = { language: 'pt', task: 'transcribe', times: true, hint: [1, 2] } as const;
    const telling = { ...config, previousId: 8 };
    expect(promptTokens(telling, wanted)).toEqual([8, 1, 2, 10, 12, 21]);
    expect(promptTokens(telling, { ...wanted, hint: [] })).toEqual([10, 12, 21]);
    expect(promptTokens(config, wanted)).toEqual([10, 12, 21]);
  });

  it('says when no times are wanted', () => {
    const prompt = promptTokens(config, { language: 'pt', task: 'transcribe', times: false });
    expect(prompt).toEqual([10, 12, 21, 23]);
  });

  it('names neither language nor task to a model of English only', () => {
    const english = { ...config, languages: null, tasks: null };
    const ask = (times: boolean) =>
      promptTokens(english, { language: null, task: 'translate', times });
    expect(ask(true)).toEqual([10]);
    expect(ask(false)).toEqual([10, 23]);
  });
});
