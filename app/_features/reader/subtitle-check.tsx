'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId } from 'react';
import { type OpenDocument, queryKeys } from '@/app/_features/app';
import { formatNumber } from '@/app/_features/ui';

import { formatClock } from '@/lib/core';
import type { CueProblem, ExportOptions } from '@/lib/export';
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
