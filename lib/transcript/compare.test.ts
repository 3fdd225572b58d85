import { expect, it } from 'vitest';
import { compareRows, textsWithout } from './compare';
import type { Row } from './rows';

function row(index: number, text: string, startMs: number): Row {
  const words = text.split(' ').map((word, at) => ({
    text: word,
    startMs: startMs + at * 100,
    endMs: startMs + at * 100 + 90,
    confidence: 1,
  }));
  const endMs = startMs + words.length * 100;
  return { index, id: `r${index}`, startMs, endMs, speakerId: null, text, edited: false, words };
}

it('shows what differs word by word, and nothing of rows that are as recognised', () => {
  const touched = [row(0, 'the dust was here', 0), row(2, 'all is well', 2000)];
  const now = [
    row(0, 'the coast was here', 0),
    row(1, 'between', 1000),
    row(2, 'all is well', 2000),
  ];
  const places = compareRows(touched, now);
  expect(places).toHaveLength(1);
  expect(places[0]?.differences.map(({ recognised, now: words }) => [recognised, words])).toEqual([
    [['the'], ['the']],
    [['dust'], ['coast']],
    [
      ['was', 'here'],
      ['was', 'here'],
    ],
  ]);
});

it('shows a row that was deleted, and rows that were joined', () => {
  const [deleted] = compareRows([row(0, 'gone now', 0)], []);
  expect(deleted?.now).toEqual([]);
  expect(deleted?.differences).toMatchObject([{ recognised: ['gone', 'now'], now: [] }]);
  const joined = compareRows(
    [row(0, 'one two', 0), row(1, 'three', 200)],
    [row(0, 'one two 3', 0)],
  );
  expect(joined).toHaveLength(1);
  expect(joined[0]?.recognised).toHaveLength(2);
});

it('takes one difference back and leaves the others', () => {
  const [place] = compareRows([row(0, 'the dust was hear', 0)], [row(0, 'the coast was here', 0)]);
  const differences = place?.differences.filter(({ isSame }) => !isSame) ?? [];
  expect(differences).toHaveLength(2);
  const [first, second] = differences;
  if (!place || !first || !second) throw new Error('two differences');
  expect(textsWithout(place, first)).toEqual(['the dust was here']);
  expect(textsWithout(place, second)).toEqual(['the coast was hear']);
});
