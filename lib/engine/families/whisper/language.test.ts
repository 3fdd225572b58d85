import { describe, expect, it } from 'vitest';
import { chooseLanguages, isSure, languageLogProbs, mainLanguage, probabilityOf } from './language';

const languages = new Map([
  ['en', 3],
  ['de', 1],
  ['fr', 5],
]);
const scores = (...probabilities: number[]) => Float64Array.from(probabilities, Math.log);

describe('languageLogProbs', () => {
  it('is the softmax over the language tokens alone, in their order', () => {
    const logits = new Float32Array([100, 1, 100, 2, 100, 0]);
    const sum = Math.exp(2) + Math.exp(1) + Math.exp(0);
    const found = languageLogProbs(logits, languages);
    for (const [at, logit] of [2, 1, 0].entries())
      expect(found[at]).toBeCloseTo(Math.log(Math.exp(logit) / sum), 12);
  });

  it('does not overflow', () => {
    const found = languageLogProbs(new Float32Array([0, 900, 0, 1000, 0, -1000]), languages);
    expect(found[0]).toBeCloseTo(0, 12);
    expect(found[1]).toBeCloseTo(-100, 9);
  });
});

describe('chooseLanguages', () => {
  it('lets a sure window have its own language', () => {
    const windows = [
      { logProbs: scores(0.9, 0.05, 0.05), weight: 100 },
      { logProbs: scores(0.1, 0.2, 0.7), weight: 1 },
    ];
    expect(chooseLanguages(windows, languages).map(({ code }) => code)).toEqual(['en', 'fr']);
  });

  it('gives an unsure window the language that all windows together make most probable', () => {
    const windows = [
      { logProbs: scores(0.4, 0.45, 0.15), weight: 10 },
      { logProbs: scores(0.9, 0.05, 0.05), weight: 20 },
    ];
    expect(isSure(scores(0.4, 0.45, 0.15))).toBe(false);
    expect(chooseLanguages(windows, languages).map(({ code }) => code)).toEqual(['en', 'en']);
  });

  it('names a rival where the evidence is thin, the next best one', () => {
    const choose = (...probabilities: number[]) =>
      chooseLanguages([{ logProbs: scores(...probabilities), weight: 1 }], languages);
    expect(choose(0.91, 0.03, 0.06)).toEqual([{ code: 'en', rival: null }]);
    expect(choose(0.89, 0.03, 0.08)).toEqual([{ code: 'en', rival: 'fr' }]);
    const outvoted = [
      { logProbs: scores(0.4, 0.45, 0.15), weight: 10 },
      { logProbs: scores(0.95, 0.04, 0.01), weight: 20 },
    ];
    expect(chooseLanguages(outvoted, languages)[0]).toEqual({ code: 'en', rival: 'de' });
  });

  it('counts a window by its speech', () => {
    const unsure = { logProbs: scores(0.4, 0.45, 0.15), weight: 5 };
    const english = scores(0.9, 0.09, 0.01);
    const german = scores(0.09, 0.9, 0.01);
    const choose = (weights: [number, number]) =>
      chooseLanguages(
        [
          unsure,
          { logProbs: english, weight: weights[0] },
          { logProbs: german, weight: weights[1] },
        ],
        languages,
      )[0]?.code;
    expect(choose([30, 10])).toBe('en');
    expect(choose([10, 30])).toBe('de');
  });
});

describe('mainLanguage', () => {
  it('is the one that most of the speech is in', () => {
    const windows = [
      { language: 'en', weight: 3 },
      { language: 'de', weight: 4 },
      { language: 'en', weight: 2 },
    ];
    expect(mainLanguage(windows)).toBe('en');
    expect(mainLanguage([])).toBeNull();
  });
});

describe('probabilityOf', () => {
  it('is the softmax over the whole vocabulary', () => {
    expect(probabilityOf(new Float32Array([1, 1, 1, 1]), 2)).toBeCloseTo(0.25, 12);
    expect(probabilityOf(new Float32Array([500, 1000]), 1)).toBeCloseTo(1, 12);
  });
});
