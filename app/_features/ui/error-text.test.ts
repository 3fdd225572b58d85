import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '@/lib/core/errors';
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

  // what people come across with files of their own
  it.each<[ErrorCode, RegExp]>([
    ['SOURCE_EMPTY', /This file is empty/],
    ['SOURCE_GONE', /moved, changed.*Choose it again/],
    ['DECODE_UNSUPPORTED', /not a recording that can be read/],
    ['DECODE_INCOMPLETE', /incomplete.*Copy or download it again/],
    ['DECODE_NO_AUDIO', /This video has no sound/],
    ['NO_SPEECH', /No speech found/],
    ['MODEL_DOWNLOAD_FAILED', /model could not be loaded.*connection/],
    ['MODEL_HASH_MISMATCH', /model is damaged or was altered/],
    ['STORE_QUOTA', /storage of this browser is full.*finished work is kept/],
    ['STORE_BLOCKED', /Close the other AI2Text tab/],
    ['MIC_DENIED', /may not use the microphone/],
    ['SHARE_DECRYPT_FAILED', /is damaged or was altered/],
    ['SHARE_LINK_INVALID', /This link is not complete/],
  ])('say what %s means to its user, and what can be done', (code, words) => {
    expect(errorSentence(code)).toMatch(words);
  });

  it('gives no two failures the same words', () => {
    const sentences = ERROR_CODES.map((code) => errorSentence(code));
    expect(new Set(sentences).size).toBe(ERROR_CODES.length);
  });
});
