import { expect, it } from 'vitest';
import { dragWords } from './row-typing';

it('puts words between others, with spaces where words have them', () => {
  expect(dragWords('one two three', [4, 7], 'four five', 5)).toEqual({
    from: 'one three',
    to: 'four two five',
    offset: 8,
  });
  expect(dragWords('one', [0, 3], '', 0)).toEqual({ from: '', to: 'one', offset: 3 });
  expect(dragWords('今天很好', [0, 2], '他说', 2)).toEqual({
    from: '很好',
    to: '他说今天',
    offset: 4,
  });
});
