import { describe, expect, it } from 'vitest';
import { momentsOfNamesakes } from './library';

const named = (id: string, title: string, createdAt = '2026-11-28T10:05:12') => ({
  id,
  title,
  createdAt,
});

const apart = (...records: ReturnType<typeof named>[]) => [
  ...momentsOfNamesakes(records, 'en-GB').entries(),
];

describe('transcripts of one title', () => {
  it('are distinguished by the second in which they were made', () => {
    expect(
      apart(
        named('a', 'Interview'),
        named('b', 'interview ', '2026-11-28T10:05:40'),
        named('c', 'Lecture'),
      ),
    ).toEqual([
      ['a', '28 Nov 2026, 10:05:12'],
      ['b', '28 Nov 2026, 10:05:40'],
    ]);
  });

  it('are numbered where they were added together, whatever the order of the list', () => {
    const [one, two] = [named('a', 'Interview'), named('b', 'Interview')];
    const wanted = [
      ['a', '28 Nov 2026, 10:05:12 (1 of 2)'],
      ['b', '28 Nov 2026, 10:05:12 (2 of 2)'],
    ];
    expect(apart(one, two)).toEqual(wanted);
    expect(apart(two, one)).toEqual(wanted);
  });

  it('need nothing where the title occurs once', () => {
    expect(apart(named('a', 'Interview'), named('b', 'Lecture'))).toEqual([]);
  });
});
