import { expect, it } from 'vitest';
import { bookmarkName, withBookmark, withoutBookmark } from './bookmarks';

const marks = [
  { id: 'a', atMs: 1_000 },
  { id: 'b', atMs: 65_000, label: 'Her answer' },
];

it('keeps bookmarks in order of time', () => {
  const all = withBookmark(marks, { id: 'c', atMs: 30_000 });
  expect(all.map(({ id }) => id)).toEqual(['a', 'c', 'b']);
  expect(withoutBookmark(all, 'c')).toEqual(marks);
  expect(withBookmark(marks, { id: 'a', atMs: 1_000 })).toEqual(marks);
});

it('names a bookmark by its label, and by number without one', () => {
  expect(marks.map(bookmarkName)).toEqual(['Bookmark 1 at 0:01', 'Her answer']);
});
