import { expect, it } from 'vitest';
import { scoreAlternatives } from './alternative-scores';

it('counts the doubtful words that are wrong, and those that an alternative mends', () => {
  const word = (text: string, confidence: number, alternatives?: string[]) => ({
    text,
    confidence,
    alternatives,
  });
  expect(
    scoreAlternatives([
      {
        reference: ['They', 'sold', 'their', 'ice', 'cream.'],
        hypothesis: [
          word('They', 0.2, ['Day']),
          word('told', 0.3, ['toll', 'sold']),
          word('there', 0.9, ['their']),
          word('eyes', 0.1, ['ears']),
          word('scream.', 0.4),
        ],
      },
    ]),
  ).toEqual({ doubtful: 4, wrong: 3, offered: 2, mended: 1 });
});
