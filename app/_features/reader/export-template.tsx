'use client';

import { useId } from 'react';
import { parseTemplate, TEMPLATE_NAMES } from '@/lib/export';
import { t } from './messages';

const braced = (names: readonly string[]) => names.map((name) => `{{${name}}}`).join(', ');

/** The user's own form of a text file. What is wrong with it is said below it, with the place. */
export function TemplateEditor({
  template,
  onChange,
}: {
  template: string;
  onChange: (template: string) => void;
}) {
  const id = useId();
  const { problem } = parseTemplate(template);
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {t('export.templateText')}
      </label>
      <textarea
        id={id}
        dir="ltr"
        rows={8}
        value={template}
        maxLength={20_000}
        spellCheck={false}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-problem`}
        onChange={({ target }) => onChange(target.value)}
        className={`block w-full rounded-lg border bg-surface p-3 font-mono text-sm ${problem ? 'border-danger' : 'border-line-strong'}`}
      />
      <p id={`${id}-problem`} role="status" className="mt-1.5 text-danger text-sm empty:hidden">
        {problem &&
          t(`export.template.${problem.kind}`, {
            line: problem.line,
            column: problem.column,
            name: problem.name,
          })}
      </p>
      <details className="mt-1.5 text-muted text-sm">
        <summary className="cursor-pointer py-1">{t('export.placeholders')}</summary>
        <p className="mt-1.5 [overflow-wrap:anywhere]">
          {t('export.placeholdersHint', {
            document: braced(TEMPLATE_NAMES.document),
            segmentsStart: '{{#segments}}',
            segmentsEnd: '{{/segments}}',
            segment: braced(TEMPLATE_NAMES.segments),
            wordsStart: '{{#words}}',
            wordsEnd: '{{/words}}',
            word: braced(TEMPLATE_NAMES.words),
            bookmarksStart: '{{#bookmarks}}',
            bookmarksEnd: '{{/bookmarks}}',
            bookmark: braced(TEMPLATE_NAMES.bookmarks),
          })}
        </p>
      </details>
    </div>
  );
}
