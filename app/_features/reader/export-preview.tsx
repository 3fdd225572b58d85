'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import { type OpenDocument, queryKeys } from '@/app/_features/app';
import { Select } from '@/app/_features/ui';
import { EXPORT_FORMATS, type ExportOptions, type FormatId } from '@/lib/export';
import { exportLabels, formatLabel } from './export-choices';
import { t } from './messages';

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
                {formatLabel(one)}
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
