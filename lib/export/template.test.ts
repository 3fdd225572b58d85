import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { factsOf } from './facts';
import { DEFAULT_EXPORT_OPTIONS, ENGLISH_LABELS } from './options';
import { parseTemplate, writeTemplate } from './template';
import { sentence, transcript } from './test-transcripts';

const given = {
  ...transcript([
    sentence('Good morning.', 0, 's1'),
    sentence('How are you?', 2000, 's1'),
    sentence('{{title}} Fine.', 3_700_000, 's2'),
  ]),
  marks: [{ atMs: 2500, label: 'Mood' }],
};
const write = (template: string) =>
  writeTemplate(given, { ...DEFAULT_EXPORT_OPTIONS, template }, ENGLISH_LABELS);
const problem = (template: string) => parseTemplate(template).problem;

describe('writeTemplate', () => {
  it('fills in what the transcript has, for each segment and each word', () => {
    expect(
      write(
        '{{ title }} of {{date}} ({{duration}}, {{language}}, {{recording}}): {{speakers}}\n{{#segments}}\n{{number}}|{{start}}|{{start_ms}}|{{end_seconds}}|{{speaker}}|{{text}}|{{#words}}<{{word}} {{start_ms}}>{{/words}}\n{{/segments}}\n{{#bookmarks}}{{time}} {{label}}{{/bookmarks}}',
      ),
    ).toBe(
      [
        'Talk of 2026-01-02 (01:01:40, en, talk.mp3): Ann & Co. <1>, Bo',
        '1|00:00:00|0|0.640|Ann & Co. <1>|Good morning.|<Good 20><morning. 340>',
        '2|00:00:02|2000|2.960|Ann & Co. <1>|How are you?|<How 2020><are 2340><you? 2660>',
        // what was said is not a template
        '3|01:01:40|3700000|3700.640|Bo|{{title}} Fine.|<{{title}} 3700020><Fine. 3700340>',
        '00:00:02 Mood',
      ].join('\n'),
    );
  });

  it('says the day of the place where it is written', () => {
    vi.stubEnv('TZ', 'Pacific/Auckland');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(write('{{date}}')).toBe('2026-01-03');
    expect(factsOf(given, ENGLISH_LABELS).map(({ value }) => value)).toContain('2026-01-03');
  });

  it('shows a section where there is a value, and its opposite where there is none', () => {
    expect(
      write('{{#segments}}{{#turn}}{{turn}}: {{/turn}}{{^turn}}… {{/turn}}{{text}} {{/segments}}'),
    ).toBe('Ann & Co. <1>: Good morning. … How are you? Bo: {{title}} Fine. ');
    expect(write('{{^bookmarks}}none{{/bookmarks}}{{! a comment }}{{^title}}x{{/title}}')).toBe('');
  });

  it('writes the template that is there at first', () => {
    expect(write(DEFAULT_EXPORT_OPTIONS.template).split('\n').slice(0, 4)).toEqual([
      'Talk',
      '2026-01-02, 01:01:40',
      '',
      '[00:00:00] Ann & Co. <1>: Good morning.',
    ]);
  });
});

describe('parseTemplate', () => {
  it.each([
    ['a\n  {{titel}}', { kind: 'unknown', name: 'titel', line: 2, column: 3 }],
    ['{{text}}', { kind: 'unknown', name: 'text', line: 1, column: 1 }],
    ['{{#words}}{{/words}}', { kind: 'unknown', name: 'words', line: 1, column: 1 }],
    ['{{#segments}}\n{{text}}', { kind: 'unclosed-section', name: 'segments', line: 1, column: 1 }],
    ['x {{/segments}}', { kind: 'unopened-section', name: 'segments', line: 1, column: 3 }],
    [
      '{{#segments}}{{#words}}{{/segments}}',
      { kind: 'unopened-section', name: 'segments', line: 1, column: 24 },
    ],
    ['x\n{{title', { kind: 'unclosed-tag', name: 'title', line: 2, column: 1 }],
    ['{{title}', { kind: 'unclosed-tag', name: 'title}', line: 1, column: 1 }],
    ['{{segments}}', { kind: 'not-a-list', name: 'segments', line: 1, column: 1 }],
    ['{{constructor}}', { kind: 'unknown', name: 'constructor', line: 1, column: 1 }],
  ])('says what is wrong with %j, and where', (template, wanted) => {
    expect(problem(template)).toEqual(wanted);
    expect(write(template)).toBe('');
  });

  it('takes any text without braces', () => {
    expect(problem('plain { text } $&')).toBeNull();
    expect(write('plain { text } $&\r\n')).toBe('plain { text } $&\n');
  });
});
