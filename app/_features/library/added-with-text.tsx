'use client';

import { useQuery } from '@tanstack/react-query';
import { useStore } from 'zustand';
import { Button, ProgressLine } from '@/app/_features/ui';
import { isolated } from '@/lib/core';
import { transcribeInstead } from './commands';
import { withText } from './just-added';
import { t } from './messages';
import { transcriptsQuery } from './use-library';

/** After recordings were added together with texts of their names: says that they were joined, and offers the other way. */
export function AddedWithText() {
  const { added: all, reading } = useStore(withText);
  const { data: records = [] } = useQuery(transcriptsQuery);
  // one that was deleted meanwhile is nothing to decide about
  const added = all.filter(({ id }) => records.some((record) => record.id === id));
  const [first] = added;
  if (!first && !reading) return null;
  return (
    <section
      aria-label={t('withText')}
      className="space-y-3 rounded-xl bg-sunken px-4 py-3 text-sm"
    >
      {reading && (
        <ProgressLine
          label={isolated(reading.fileName)}
          percent={reading.share * 100}
          hint={t('readingSound')}
        />
      )}
      {first && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
          <p role="status" className="min-w-0 flex-1 basis-64 [overflow-wrap:anywhere]">
            {t('addedWithText', {
              count: added.length,
              recording: isolated(first.recording.name),
              text: isolated(first.text.name),
            })}
          </p>
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => void transcribeInstead()}>{t('transcribeInstead')}</Button>
            <Button tone="quiet" onClick={() => withText.setState({ added: [] })}>
              {t('keepItsText')}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
