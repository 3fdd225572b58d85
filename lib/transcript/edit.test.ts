import { describe, expect, it } from 'vitest';
import { applyEdit, type Edit, hasEffect } from './edit';
import { at, expectWhole, ref, rowsOf, run, textEdit } from './test-rows';

describe('changing the text of a row', () => {
  it('keeps the times of words that were not touched', () => {
    const rows = rowsOf('most of the boats had come');
    const [row] = run(rows, textEdit(at(rows, 0), 'Most of the big boats had come home'));
    expect(row?.words.map(({ text, startMs }) => [text, startMs])).toMatchObject([
      ['Most', 0],
      ['of', 200],
      ['the', 400],
      ['big', expect.any(Number)],
      ['boats', expect.any(Number)],
      ['had', 800],
      ['come', expect.any(Number)],
      ['home', expect.any(Number)],
    ]);
    expect(row?.edited).toBe(true);
  });

  it('gives a word that replaces another its time, and is sure of it', () => {
    const rows = rowsOf('most of the boats');
    const [row] = run(rows, textEdit(at(rows, 0), 'most of the goats'));
    expect(row?.words[3]).toEqual({ text: 'goats', startMs: 600, endMs: 800, confidence: 1 });
    expect(row?.words[2]?.confidence).toBe(0.4);
  });

  it('removes a row that has no words left', () => {
    const rows = rowsOf('one', 'two', 'three');
    expect(run(rows, textEdit(at(rows, 1), '  ')).map(({ text }) => text)).toEqual([
      'one',
      'three',
    ]);
  });

  it('keeps what another tab has written into the row meanwhile', () => {
    const rows = rowsOf('the cat sat on the mat');
    const seen = at(rows, 0);
    const other = run(rows, textEdit(seen, 'the black cat sat on the mat'));
    const both = run(other, textEdit(seen, 'the cat sat on the red mat'));
    expect(at(both, 0).text).toBe('the black cat sat on the red mat');
  });

  it('finds its words in a row that another tab has divided or joined', () => {
    const rows = rowsOf('the cat sat on the mat', 'and slept');
    const seen = at(rows, 0);
    const divided = run(rows, {
      kind: 'split',
      row: ref(seen),
      seen: seen.text,
      offset: 12,
      atMs: 600,
      newId: 'new',
    });
    expect(divided.map(({ text }) => text)).toEqual(['the cat sat', 'on the mat', 'and slept']);
    const joined = run(rows, { kind: 'merge', row: ref(at(rows, 1)) });
    expect(run(joined, textEdit(at(rows, 1), 'and slept well')).map(({ text }) => text)).toEqual([
      'the cat sat on the mat and slept well',
    ]);
  });

  it('refuses more words than there are milliseconds', () => {
    const rows = rowsOf('one');
    expect(() => run(rows, textEdit(at(rows, 0), 'a '.repeat(300)))).toThrow('300 words in 200 ms');
  });

  it('corrects a text without any time, as other programs write it, but takes no more words into it', () => {
    const [row] = rowsOf('one two three');
    if (!row) throw new Error('No row.');
    const words = row.words.map((word) => ({ ...word, startMs: 0, endMs: 0 }));
    const rows = [{ ...row, endMs: 0, words }];
    const corrected = run(rows, textEdit(at(rows, 0), 'one to tree'));
    expect(corrected.map(({ text }) => text)).toEqual(['one to tree']);
    const joined = run(corrected, textEdit(at(corrected, 0), 'twofold tree'));
    expect(at(joined, 0).words.map(({ text, startMs, endMs }) => [text, startMs, endMs])).toEqual([
      ['twofold', 0, 0],
      ['tree', 0, 0],
    ]);
    expect(() => run(rows, textEdit(at(rows, 0), 'one two three four'))).toThrow('4 words in 0 ms');
  });
});

describe('dividing and joining rows', () => {
  it('cuts a word that the caret is in', () => {
    const rows = rowsOf('one two', 'three');
    const row = at(rows, 0);
    const split: Edit = {
      kind: 'split',
      row: ref(row),
      seen: row.text,
      offset: 5,
      atMs: 0,
      newId: 'n',
    };
    const parts = run(rows, split);
    expect(parts.map(({ text, id }) => [text, id])).toEqual([
      ['one t', 'seg-0'],
      ['wo', 'n'],
      ['three', 'seg-1'],
    ]);
    expectWhole(parts);
  });

  it('does nothing at the beginning or the end of a row', () => {
    const rows = rowsOf('one two');
    const row = at(rows, 0);
    for (const offset of [0, 7]) {
      const edit: Edit = {
        kind: 'split',
        row: ref(row),
        seen: row.text,
        offset,
        atMs: 0,
        newId: 'n',
      };
      const patch = applyEdit(edit, rows, [], true);
      expect(patch && hasEffect(patch)).toBe(false);
    }
  });

  it('divides one row a hundred times from its beginning to its end', () => {
    const words = Array.from({ length: 101 }, (_, number) => `w${number}`);
    let rows = rowsOf(words.join(' '), 'end');
    for (let number = 0; number < 100; number++) {
      const row = at(rows, -2);
      const offset = row.text.indexOf(' ');
      rows = run(rows, {
        kind: 'split',
        row: ref(row),
        seen: row.text,
        offset,
        atMs: 0,
        newId: `n${number}`,
      });
    }
    expect(rows.map(({ text }) => text)).toEqual([...words, 'end']);
    expectWhole(rows);
  });

  it('moves the border between two rows by words, and leaves a word in each', () => {
    const rows = rowsOf('one two', 'three four');
    const border = (atMs: number): Edit => ({ kind: 'border', row: ref(at(rows, 1)), atMs });
    expect(run(rows, border(1000)).map(({ text }) => text)).toEqual(['one two three', 'four']);
    expect(run(rows, border(0)).map(({ text }) => text)).toEqual(['one', 'two three four']);
    expect(run(rows, border(9000)).map(({ text }) => text)).toEqual(['one two three', 'four']);
  });
});

it('makes words sure that somebody has listened to', () => {
  const rows = rowsOf('one two', 'three');
  const edit: Edit = { kind: 'confirm', rows: [{ row: ref(at(rows, 0)), startMs: [200] }] };
  const [row] = run(rows, edit);
  expect(row?.words.map(({ confidence }) => confidence)).toEqual([0.4, 1]);
  expect(row?.edited).toBe(false);
});

describe('speakers', () => {
  const speakers = [
    { id: 'a', name: 'Ada' },
    { id: 'b', name: 'Ben' },
  ];

  it('changes the speaker of rows without touching their words', () => {
    const rows = rowsOf('one', 'two');
    const edit: Edit = { kind: 'speaker', rows: [ref(at(rows, 1))], speakerId: 'a', speakers };
    const patch = applyEdit(edit, rows, [], true);
    expect(patch).toMatchObject({
      removed: [],
      added: [],
      relabelled: [{ id: 'seg-1', before: null, after: 'a' }],
      speakers: { before: [], after: speakers },
    });
  });

  it('divides a row where another speaker begins', () => {
    const rows = rowsOf('how are you fine thanks', 'good');
    const runs = [
      { words: 3, speakerId: 'a', newId: 'x' },
      { words: 2, speakerId: 'b', newId: 'y' },
    ];
    const labelled = run(rows, {
      kind: 'label',
      speakers,
      rows: [{ row: ref(at(rows, 0)), runs }],
    });
    expect(labelled.map(({ text, speakerId }) => [text, speakerId])).toEqual([
      ['how are you', 'a'],
      ['fine thanks', 'b'],
      ['good', null],
    ]);
  });
});

it('restores what was recognised, and leaves what stands beside it', () => {
  const rows = rowsOf('one two', 'three four', 'five six');
  const merged = run(run(rows, { kind: 'merge', row: ref(at(rows, 1)) }), {
    kind: 'merge',
    row: ref(at(rows, 2)),
  });
  const { index: _, ...segment } = at(rows, 1);
  const changed = run(merged, textEdit(at(merged, 0), 'One two 3 4 five six'));
  const segments = [{ ...segment, id: 'back' }];
  const restored = run(changed, { kind: 'restore', segments, newId: 'rest' });
  expect(restored.map(({ id, text }) => [id, text])).toEqual([
    ['seg-0', 'One two'],
    ['back', 'three four'],
    ['rest', 'five six'],
  ]);
  expectWhole(restored);
});

it('lays a pasted text over the words that were there', () => {
  const rows = rowsOf('most of the boats had', 'already come home');
  const pasted = run(rows, {
    kind: 'paste',
    rows: rows.map(ref),
    paragraphs: [
      { text: 'Most of the boats', newId: 'p1' },
      { text: 'had already come home.', newId: 'p2', speakerId: 'a' },
    ],
  });
  expectWhole(pasted);
  expect(pasted.map(({ text, speakerId }) => [text, speakerId])).toEqual([
    ['Most of the boats', null],
    ['had already come home.', 'a'],
  ]);
  expect(at(pasted, 1).words.at(-1)).toMatchObject({ text: 'home.', startMs: 1900, endMs: 2100 });
});
