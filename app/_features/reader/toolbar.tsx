'use client';

import { Keyboard, Search, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useChosenSetting } from '@/app/_features/app';
import { ShareButton } from '@/app/_features/sharing';
import { Button, IconButton } from '@/app/_features/ui';
import type { TranscriptRecord } from '@/lib/client/store';
import { useReader, useTools } from './context';
import { EditButton, EditHistory } from './editing/edit-tools';
import { MoreMenu } from './editing/more-menu';
import { ReviewButton } from './editing/review-bar';
import { ExportMenu } from './export-menu';
import { t } from './messages';
import { openFind } from './reader-state';
import { ShortcutsDialog } from './shortcuts-dialog';
import { readStored } from './transcript-source';
import { UnsureChoice, VerbatimChoice } from './unsure-choice';

/** What can be done with a transcript: a row of deeds, and below it how the text is shown. */
export function Toolbar({ record, onDelete }: { record: TranscriptRecord; onDelete: () => void }) {
  const { reader } = useTools();
  const [help, setHelp] = useState(false);
  const exports = useChosenSetting('exports');
  const editing = useReader((state) => state.editing);
  return (
    <>
      <EditButton />
      <ReviewButton />
      <Button shortens icon={<Search aria-hidden size={16} />} onClick={() => openFind(reader)}>
        {t('find')}
      </Button>
      <ExportMenu read={() => readStored(record.id)} choices={exports} />
      <ShareButton record={record} />
      <MoreMenu record={record} />
      <div className="flex w-full flex-wrap items-center gap-1">
        <EditHistory record={record} />
        <UnsureChoice />
        {/* while one edits, everything is there as it was said */}
        {!editing && <VerbatimChoice />}
        <div className="ms-auto flex">
          <IconButton
            label={t('keyboardShortcuts')}
            className="max-sm:hidden"
            onClick={() => setHelp(true)}
          >
            <Keyboard aria-hidden size={18} />
          </IconButton>
          <IconButton
            label={t('delete')}
            className={editing ? 'max-sm:hidden' : ''}
            onClick={onDelete}
          >
            <Trash2 aria-hidden size={18} />
          </IconButton>
        </div>
      </div>
      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
    </>
  );
}
