import { expect, it } from 'vitest';
import { paragraphsOf } from './paste-dialog';

it('takes lines for paragraphs, and names before a colon for speakers', () => {
  const text = 'Ada: How are you?\n\nBen:  Fine: thanks.\nAnd well.\nada: Good.\nIt was 10:30 then';
  const { paragraphs, speakers } = paragraphsOf(text, true, [{ id: 's1', name: 'Ada' }]);
  expect(speakers.map(({ name }) => name)).toEqual(['Ada', 'Ben']);
  expect(paragraphs.map(({ text: line, speakerId }) => [line, speakerId])).toEqual([
    ['How are you?', 's1'],
    ['Fine: thanks.', 's2'],
    ['And well.', 's2'],
    ['Good.', 's1'],
    ['It was 10:30 then', 's1'],
  ]);
  expect(paragraphsOf('Ada: Hello', false, []).paragraphs).toMatchObject([{ text: 'Ada: Hello' }]);
});
