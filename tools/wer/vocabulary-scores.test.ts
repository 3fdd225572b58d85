import { expect, it } from 'vitest';
import { scoreVocabulary } from './word-report';

it('counts names that were said, found, and written where they were not said', () => {
  const entries = ['Valjean', 'Jean Valjean', 'Cosette', 'cosette', 'Ann', 'Nubia'];
  const texts = [
    { reference: 'JEAN VALJEAN AND COSETTE', hypothesis: 'John Valjean, and Cosette.' },
    { reference: 'ANNE ANN ANN', hypothesis: 'Anne, Ann and Nubia' },
    { reference: 'NOTHING', hypothesis: 'Cosette? Cosette!' },
  ];
  // "Valjean" is in "Jean Valjean" as well
  expect(scoreVocabulary(entries, texts)).toEqual({ entries: 5, said: 5, found: 3, inserted: 3 });
  expect(scoreVocabulary([], texts)).toEqual({ entries: 0, said: 0, found: 0, inserted: 0 });
});
