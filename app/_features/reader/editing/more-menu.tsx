'use client';

import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { GiveDialog } from '@/app/_features/dataset';
import { useJobs } from '@/app/_features/library';
import { MenuButton } from '@/app/_features/ui';
import type { TranscriptRecord } from '@/lib/client/store';
import { useReader, useTools } from '../context';
import { t } from '../messages';
import { RedactionDialog } from '../redaction/redaction-dialog';
import { AgainDialog } from './again-dialog';
import { LabelDialog } from './label-dialog';
import { PasteDialog } from './paste-dialog';

/** What is done with a text more rarely than typing in it. */
export function MoreMenu({ record }: { record: TranscriptRecord }) {
  const { editor, reader } = useTools();
  const comparing = useReader((state) => state.comparing);
  const [open, setOpen] = useState<'labels' | 'paste' | 'again' | 'redact' | 'give' | null>(null);
  const isRunning = useJobs().jobs.some(({ id }) => id === record.id);
  if (!editor) return null;
  const close = () => setOpen(null);
  return (
    <>
      <MenuButton
        shortens
        label={t('more')}
        icon={<Ellipsis aria-hidden size={16} />}
        items={[
          {
            key: 'speakers',
            label: t('speakers'),
            run: () => {
              const { active, spokenRow } = reader.getState();
              const row = editor.rows()[Math.max(active.row, spokenRow)];
              reader.setState({ speakersOf: row?.id ?? '' });
            },
          },
          ...(record.media === 'kept' && record.state === 'complete'
            ? [{ key: 'labels', label: t('labelSpeakers'), run: () => setOpen('labels') }]
            : []),
          ...(record.edits
            ? [
                {
                  key: 'changes',
                  label: comparing ? t('backToText') : t('changes'),
                  run: () => reader.setState({ comparing: !comparing }),
                },
              ]
            : []),
          ...(record.media === 'kept' && record.state === 'complete' && !isRunning
            ? [{ key: 'again', label: t('transcribeAgain'), run: () => setOpen('again') }]
            : []),
          { key: 'paste', label: t('pasteText'), run: () => setOpen('paste') },
          ...(record.state === 'complete'
            ? [
                { key: 'redact', label: t('redact'), run: () => setOpen('redact') },
                { key: 'give', label: t('giveToTrainingSet'), run: () => setOpen('give') },
              ]
            : []),
        ]}
      />
      {open === 'labels' && <LabelDialog editor={editor} onClose={close} />}
      {open === 'again' && <AgainDialog record={record} onClose={close} />}
      {open === 'redact' && <RedactionDialog onClose={close} />}
      {open === 'give' && <GiveDialog record={record} onClose={close} />}
      {open === 'paste' && <PasteDialog editor={editor} onClose={close} />}
    </>
  );
}
