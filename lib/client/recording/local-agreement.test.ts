import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalAgreement } from './local-agreement';
import type { LiveWord } from './ports';

const SECOND = 16_000;

/** Words of half a second each, one after the other. */
function words(text: string, fromSeconds = 0): LiveWord[] {
  return text.split(' ').map((word, at) => ({
    text: word,
    startSample: (fromSeconds + at / 2) * SECOND,
    endSample: (fromSeconds + at / 2 + 0.4) * SECOND,
  }));
}

const textOf = (list: readonly LiveWord[]) => list.map(({ text }) => text).join(' ');

describe('LocalAgreement', () => {
  it('makes the common prefix of two consecutive hypotheses final', () => {
    const agreement = new LocalAgreement();
    const first = agreement.update(words('the cat sad'), 3 * SECOND);
    expect(first.final).toEqual([]);
    expect(textOf(first.partial)).toBe('the cat sad');
    const second = agreement.update(words('the cat sat on'), 3 * SECOND);
    expect(textOf(second.final)).toBe('the cat');
    expect(textOf(second.partial)).toBe('sat on');
  });

  it('keeps a word partial that ends where the audio does', () => {
    const agreement = new LocalAgreement();
    agreement.update(words('the cat'), 1 * SECOND);
    const { final, partial } = agreement.update(words('the cat'), 1 * SECOND);
    expect(textOf(final)).toBe('the');
    expect(textOf(partial)).toBe('cat');
  });

  it('does not match the same word at another position', () => {
    const agreement = new LocalAgreement();
    agreement.update(words('yes'), 5 * SECOND);
    expect(agreement.update(words('yes', 1), 5 * SECOND).final).toEqual([]);
  });

  it('ignores case and punctuation, which depend on what follows', () => {
    const agreement = new LocalAgreement();
    agreement.update(words('Well. then'), 3 * SECOND);
    expect(textOf(agreement.update(words('Well, then'), 3 * SECOND).final)).toBe('Well, then');
  });

  it('does not change final words, whatever later hypotheses say', () => {
    const agreement = new LocalAgreement();
    agreement.update(words('the cat'), 3 * SECOND);
    agreement.update(words('the cat'), 3 * SECOND);
    const { final, partial } = agreement.update(words('a hat sat'), 3 * SECOND);
    expect(final).toEqual([]);
    expect(textOf(partial)).toBe('sat');
  });

  it('makes all remaining words final at the end', () => {
    const agreement = new LocalAgreement();
    agreement.update(words('the cat'), 3 * SECOND);
    agreement.update(words('the cat'), 3 * SECOND);
    expect(textOf(agreement.finish(words('the cat sat')))).toBe('sat');
    expect(agreement.finish(words('the cat sat'))).toEqual([]);
  });

  it('does not repeat words of a segment that was divided after them', () => {
    const agreement = new LocalAgreement();
    agreement.update(words('one two three'), 4 * SECOND);
    agreement.update(words('one two three'), 4 * SECOND);
    // the next part begins within what is final
    agreement.begin(0.5 * SECOND);
    expect(textOf(agreement.finish(words('two three four', 0.5)))).toBe('four');
  });

  it('forgets words that became final before the next segment', () => {
    const agreement = new LocalAgreement();
    agreement.finish(words('the cat'));
    agreement.begin(10 * SECOND);
    expect(textOf(agreement.finish(words('the cat', 10)))).toBe('the cat');
  });

  it('gives words in order, each once, whatever the hypotheses are', () => {
    const hypothesis = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(hypothesis, { maxLength: 10 }), hypothesis, (updates, last) => {
        const agreement = new LocalAgreement();
        const final: LiveWord[] = [];
        for (const texts of updates) {
          const list = texts.length === 0 ? [] : words(texts.join(' '));
          final.push(...agreement.update(list, 4 * SECOND).final);
        }
        final.push(...agreement.finish(last.length === 0 ? [] : words(last.join(' '))));
        for (const [at, { startSample }] of final.entries())
          if (at > 0) expect(startSample).toBeGreaterThan(final[at - 1]?.startSample ?? 0);
      }),
    );
  });
});
