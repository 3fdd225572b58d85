'use client';

import { ArrowLeft, FileDown, RotateCcw } from 'lucide-react';
import { Fragment } from 'react';
import { useSession } from '@/app/_features/account';
import { formatLocale } from '@/app/_features/i18n';
import { Button, formatMoment, QueryProblem, saveAs } from '@/app/_features/ui';
import type { SegmentRecord } from '@/lib/client/store';
import { formatClock, newId, textAttributes } from '@/lib/core';
import {
  type ChangeReport,
  exportFileName,
  type ReportedChange,
  writeChangeReport,
  writeChangeTable,
} from '@/lib/export';
import { type ChangedPlace, type Difference, textsWithout } from '@/lib/transcript';
import { useTools } from '../context';
import { useFocusBack } from '../focus-back';
import { t } from '../messages';
import { makeEdit, rowRef } from './commands';
import { type Changes, type LastChange, lastChange, useChanges } from './use-changes';

/** What was recognised beside what it was corrected to, place by place. */
export function ChangesView({
  title,
  segments,
  language,
}: {
  title: string;
  segments: readonly SegmentRecord[];
  /** BCP 47. */
  language: string;
}) {
  const { source } = useTools();
  useFocusBack();
  const { data, error, refetch } = useChanges(source, segments);
  if (!data) return error && <QueryProblem error={error} onRetry={() => void refetch()} />;
  if (data.places.length === 0)
    return (
      <section aria-label={t('changes')} className="mt-4 space-y-3">
        <BackToText />
        <p className="text-muted">{t('noChanges')}</p>
      </section>
    );
  return (
    <section aria-label={t('changes')} className="mt-4">
      <div className="mb-3 flex flex-wrap gap-2">
        <BackToText />
        <SaveReport title={title} language={language} {...data} />
      </div>
      <p className="text-muted text-sm">{t('changesHint')}</p>
      <ul>
        {data.places.map((place) => (
          <li
            key={place.recognised[0]?.id}
            className="border-line border-b py-4 [contain-intrinsic-size:auto_8rem] [content-visibility:auto]"
          >
            <Place place={place} last={lastChange(data.edits, place)} language={language} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function BackToText() {
  const { reader } = useTools();
  return (
    <Button
      icon={<ArrowLeft aria-hidden size={16} className="rtl:-scale-x-100" />}
      onClick={() => reader.setState({ comparing: false })}
    >
      {t('backToText')}
    </Button>
  );
}

/** Hands the changes to the user: as a page to read and print, or as a table. */
function SaveReport({
  title,
  language,
  places,
  edits,
}: { title: string; language: string } & Changes) {
  const nameOf = useNames();
  const report = (): ChangeReport => ({
    title,
    language,
    changes: places.map((place) => {
      const last = lastChange(edits, place);
      const at = last ? new Date(last.at).toISOString() : '';
      return { ...place, at, by: (last && nameOf(last)) ?? '' };
    }),
  });
  const save = (text: string, type: string, extension: string) =>
    saveAs(new Blob([text], { type }), exportFileName(`${title} · ${t('changes')}`, extension));
  const labels = {
    language: formatLocale(),
    changes: t('changes'),
    recognised: t('asRecognised'),
    corrected: t('asCorrected'),
    changed: ({ at, by }: ReportedChange) => (at === '' ? '' : changedText(at, by || null)),
  };
  return (
    <>
      <Button
        icon={<FileDown aria-hidden size={16} />}
        onClick={() => save(writeChangeReport(report(), labels), 'text/html', 'html')}
      >
        {t('saveReport')}
      </Button>
      <Button
        icon={<FileDown aria-hidden size={16} />}
        onClick={() => save(writeChangeTable(report()), 'text/csv', 'csv')}
      >
        {t('saveTable')}
      </Button>
    </>
  );
}

function Place({
  place,
  last,
  language,
}: {
  place: ChangedPlace;
  last: LastChange | null;
  language: string;
}) {
  const { editor, playback } = useTools();
  if (!editor) return null;
  const restore = (difference: Difference) => {
    const texts = textsWithout(place, difference);
    makeEdit(editor, {
      kind: 'text',
      changes: place.now.map((row, number) => ({
        row: rowRef({ ...row, transcriptId: '' }),
        seen: row.text,
        text: texts[number] ?? '',
      })),
    });
  };
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-sm">
        <button
          type="button"
          className="-mx-1 min-h-6 rounded px-1 tabular-nums hover:text-accent"
          aria-label={t('playFrom', { time: formatClock(place.startMs) })}
          onClick={() => playback.seek(place.startMs, { play: true })}
        >
          {formatClock(place.startMs)}
        </button>
        {last && <Changed last={last} />}
        <Button
          tone="link"
          className="-me-3.5 ms-auto"
          icon={<RotateCcw aria-hidden size={16} />}
          onClick={() =>
            makeEdit(editor, {
              kind: 'restore',
              segments: place.recognised.map(({ index: _, ...segment }) => ({
                ...segment,
                id: newId(),
              })),
              newId: newId(),
            })
          }
        >
          {t('restoreAll')}
        </Button>
      </div>
      <div className="grid gap-x-8 gap-y-2 sm:grid-cols-2">
        <Side label={t('asRecognised')} language={language}>
          {place.differences.map(({ recognised, isSame, nowFrom }) =>
            isSame ? (
              <Fragment key={`s${nowFrom}`}>{`${recognised.join(' ')} `}</Fragment>
            ) : (
              <del
                key={`d${nowFrom}`}
                className="rounded bg-danger-soft text-danger decoration-1 [overflow-wrap:anywhere]"
              >
                {`${recognised.join(' ')} `}
              </del>
            ),
          )}
        </Side>
        <Side label={t('asCorrected')} language={language}>
          {place.differences.map((difference) =>
            difference.isSame ? (
              <Fragment key={`s${difference.nowFrom}`}>{`${difference.now.join(' ')} `}</Fragment>
            ) : (
              <Fragment key={`i${difference.nowFrom}`}>
                <ins className="rounded bg-accent-soft no-underline outline outline-accent/40">
                  {difference.now.join(' ')}
                </ins>
                {place.now.length > 0 && (
                  <button
                    type="button"
                    aria-label={t('restoreWords', {
                      words: difference.recognised.join(' ') || '—',
                    })}
                    title={t('restoreWords', { words: difference.recognised.join(' ') || '—' })}
                    className="mx-0.5 inline-flex size-6 items-center justify-center rounded align-middle text-muted hover:bg-sunken hover:text-accent"
                    onClick={() => restore(difference)}
                  >
                    <RotateCcw aria-hidden size={14} />
                  </button>
                )}{' '}
              </Fragment>
            ),
          )}
        </Side>
      </div>
    </>
  );
}

/** When a place was changed, and by whom, where somebody was signed in. */
function Changed({ last }: { last: LastChange }) {
  const nameOf = useNames();
  return <span>{changedText(new Date(last.at).toISOString(), nameOf(last))}</span>;
}

function changedText(at: string, name: string | null): string {
  const moment = formatMoment(at);
  return name ? t('changedAtBy', { moment, name }) : t('changedAt', { moment });
}

/** Names the person who made an edit; `null`: nobody was signed in, or it is another account's name. */
function useNames(): (last: LastChange) => string | null {
  const user = useSession()?.user;
  return ({ by }) => (user && user.id === by ? user.name || user.email : null);
}

function Side({
  label,
  language,
  children,
}: {
  label: string;
  language: string;
  children: React.ReactNode;
}) {
  return (
    <section aria-label={label}>
      <p aria-hidden className="text-muted text-xs">
        {label}
      </p>
      <p {...textAttributes([], language)} className="font-serif text-lg leading-relaxed">
        {children}
      </p>
    </section>
  );
}
