import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '@/lib/core/errors';
import { errorSentence, errorText } from './error-text';

describe('error texts', () => {
  it.each(ERROR_CODES)('says %s in one or two plain sentences', (code) => {
    const { happened, next } = errorText(code);
    for (const sentence of next === null ? [happened] : [happened, next]) {
      expect(sentence).toMatch(/^[A-Z][^!?]*\.$/);
      expect(sentence.split('. ')).toHaveLength(1);
      // no words of programmers
      expect(sentence).not.toMatch(/decode|worker|quota|IndexedDB|exception|null|[A-Z]+_[A-Z]+/);
    }
  });

  it('gives no two failures the same words', () => {
    const sentences = ERROR_CODES.map((code) => errorSentence(code));
    expect(new Set(sentences).size).toBe(ERROR_CODES.length);
  });
});
