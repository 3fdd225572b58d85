'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import { type OpenDocument, queryKeys } from '@/app/_features/app';
import { formatNumber, Select } from '@/app/_features/ui';
import { formatClock } from '@/lib/core';
import { type CueProblem, EXPORT_FORMATS, type ExportOptions, type FormatId } from '@/lib/export';
import { exportLabels, formatLabel } from './export-options';
import { t } from './messages';

/** This many are listed: somebody with more changes a rule, not every subtitle. */
const LISTED = 100;

/** Which subtitles break which rule, each with its time. */
export function SubtitleCheck({
  document,
  documentKey,
  format,
  options,
}: {
  document: OpenDocument;
  /** Tells this document from others. */
  documentKey: string;
  format: 'srt' | 'vtt';
  options: ExportOptions;
}) {
  const id = useId();
  const deferred = useDeferredValue(options);
  const { data } = useQuery({
    queryKey: queryKeys.subtitleCheck(documentKey, format, deferred),
    queryFn: () => document.lint(format, deferred),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="mb-2 font-medium font-sans text-sm">
        {t('export.check', { format: format === 'srt' ? 'SubRip' : 'WebVTT' })}
      </h3>
      <p role="status" className="text-sm">
        {!data
          ? t('export.checking')
          : data.problems.length === 0
            ? t('export.allRight', { cues: data.cues })
            : t('export.problems', { count: data.problems.length, cues: data.cues })}
      </p>
      {data && data.problems.length > 0 && (
        <ul
          aria-labelledby={id}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it
          tabIndex={0}
          className="mt-2 max-h-40 space-y-1 overflow-auto rounded-lg border border-line bg-sunken p-3 text-sm"
        >
          {data.problems.slice(0, LISTED).map((problem) => (
            <li key={`${problem.number} ${problem.rule}`}>
              {t('export.problemAt', {
                number: problem.number,
                time: formatClock(problem.startMs),
                problem: problemText(problem),
              })}
            </li>
          ))}
          {data.problems.length > LISTED && (
            <li>{t('export.moreProblems', { count: data.problems.length - LISTED })}</li>
          )}
        </ul>
      )}
    </section>
  );
}

function problemText({ rule, value, limit }: CueProblem): string {
  const digits = (number: number) => formatNumber(number, Number.isInteger(number) ? 0 : 1);
  return t(`export.${rule}`, { value: digits(value), limit: digits(limit) });
}

/** The first lines of a file. */
export function ExportPreview({
  document,
  documentKey,
  formats,
  options,
}: {
  document: OpenDocument;
  /** Tells this document from others. */
  documentKey: string;
  formats: readonly FormatId[];
  options: ExportOptions;
}) {
  const id = useId();
  const [chosen, setChosen] = useState<FormatId | null>(null);
  const offered = EXPORT_FORMATS.filter((format) => formats.includes(format.id));
  const shown = offered.find((format) => format.id === chosen) ?? offered[0];
  const format = shown?.id ?? 'txt';
  const deferred = useDeferredValue(options);
  const { data } = useQuery({
    queryKey: queryKeys.exportPreview(documentKey, format, deferred),
    queryFn: () => document.preview(format, deferred, exportLabels()),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h3 id={id} className="font-medium font-sans text-sm">
          {t('export.preview')}
        </h3>
        {offered.length > 1 && (
          <Select
            aria-labelledby={id}
            value={format}
            onChange={({ target }) =>
              setChosen(offered.find((one) => one.id === target.value)?.id ?? null)
            }
            className="px-3 text-sm"
          >
            {offered.map((one) => (
              <option key={one.id} value={one.id}>
                {formatLabel(one.id)}
              </option>
            ))}
          </Select>
        )}
      </div>
      {data === null ? (
        <p className="text-muted text-sm">{t('export.noPreview')}</p>
      ) : (
        <section
          aria-labelledby={id}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it
          tabIndex={0}
          className="max-h-56 overflow-auto rounded-lg border border-line bg-sunken p-3"
        >
          <pre dir="auto" className="whitespace-pre-wrap text-xs [overflow-wrap:anywhere]">
            {data}
          </pre>
        </section>
      )}
    </div>
  );
}
