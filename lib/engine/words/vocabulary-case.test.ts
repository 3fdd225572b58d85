import { describe, expect, it } from 'vitest';
import { withVocabularyCase } from './vocabulary-case';

const written = (text: string, phrases: string[]) =>
  withVocabularyCase(
    text.split(' ').map((word) => ({ text: word, startSample: 0, endSample: 1, confidence: 1 })),
    phrases,
  )
    .map(({ text: word }) => word)
    .join(' ');

describe('words of the list', () => {
  it.each([
    ['kubernetes runs', ['Kubernetes'], 'Kubernetes runs'],
    ['(Ctdna, CTDNA’s)', ['ctDNA'], '(ctDNA, ctDNA’s)'],
    ['with anna schmidt. Anna', ['Anna Schmidt'], 'with Anna Schmidt. Anna'],
    ['st. John’s', ["St. John's"], 'St. John’s'],
    ['Forcemeat is', ['forcemeat'], 'Forcemeat is'],
    ['new york city', ['New York City', 'new york', 'York'], 'New York City'],
    [
      'It is up to us, who will run it',
      ['IT', 'US', 'WHO', 'Will'],
      'It is up to us, who will run it',
    ],
    ['an a as a mark', ['A+', '(AS)'], 'an a as a mark'],
    [
      'our it department in the hague',
      ['IT Department', 'The Hague'],
      'our IT Department in The Hague',
    ],
    ['an apple', [], 'an apple'],
    ['— …', ['Ann'], '— …'],
  ])('%s, listed as %s', (text, phrases, wanted) => {
    expect(written(text, phrases)).toBe(wanted);
  });
});
