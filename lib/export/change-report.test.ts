import { parse as parseCsv } from 'csv-parse/sync';
import { XMLValidator } from 'fast-xml-parser';
import { expect, it } from 'vitest';
import { compareRows, type Row } from '@/lib/transcript';
import { type ChangeReport, writeChangeReport, writeChangeTable } from './change-report';

const rowOf = (text: string): Row => ({
  index: 0,
  id: 'r',
  startMs: 61_000,
  endMs: 64_000,
  speakerId: null,
  text,
  edited: false,
  words: [],
});

/** What was made of one row. */
function reportOf(recognised: string, corrected: string[], by = 'Ada'): ChangeReport {
  const places = compareRows([rowOf(recognised)], corrected.map(rowOf));
  return {
    title: 'Tom & <Jerry>',
    language: 'en',
    changes: places.map((place) => ({ ...place, at: '2026-03-01T10:00:00.000Z', by })),
  };
}

const LABELS = {
  language: 'en',
  changes: 'Changes',
  recognised: 'As recognised',
  corrected: 'As corrected',
  changed: ({ by }: { by: string }) => `changed by ${by}`,
};

it('shows what was recognised and what it was corrected to, with the differences marked', () => {
  const html = writeChangeReport(
    reportOf('the bores <came> home', ['the boats <came> home']),
    LABELS,
  );
  expect(html).toContain('<p lang="en" dir="ltr">the <del>bores</del> &lt;came&gt; home</p>');
  expect(html).toContain('<p lang="en" dir="ltr">the <ins>boats</ins> &lt;came&gt; home</p>');
  expect(html).toContain('<title>Tom &amp; &lt;Jerry&gt; · Changes</title>');
  expect(html).toContain('changed by Ada');
  const [, body = ''] = /<body>(.*)<\/body>/s.exec(html) ?? [];
  expect(XMLValidator.validate(`<body>${body}</body>`)).toBe(true);
});

it('shows a deleted place with nothing beside it', () => {
  const html = writeChangeReport(reportOf('never said', []), LABELS);
  expect(html).toContain('<p lang="en" dir="ltr"><del>never said</del></p>');
  expect(html).toContain('<h3>As corrected</h3><p lang="en" dir="ltr"></p>');
});

it('has a row for each difference in a table, which a spreadsheet does not run', () => {
  const text = writeChangeTable(reportOf('one two three four', ['=one two "3" four'], 'Bo, Ltd'));
  const rows = parseCsv<Record<string, string>>(text, { columns: true, bom: true });
  expect(rows.map(({ recognised, corrected }) => [recognised, corrected])).toEqual([
    ['one', "'=one"],
    ['three', '"3"'],
  ]);
  expect(rows[0]).toMatchObject({
    start_ms: '61000',
    end_ms: '64000',
    changed_at: '2026-03-01T10:00:00.000Z',
    changed_by: 'Bo, Ltd',
  });
});
