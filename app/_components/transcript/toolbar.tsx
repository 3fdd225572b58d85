'use client';

import { Keyboard, Search, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { TranscriptRecord } from '@/lib/store/schema';
import { openFind } from '../../_state/reader';
import { Button, IconButton } from '../ui/button';
import { useReader, useTools } from './context';
import { ExportMenu } from './export-menu';
import { ShortcutsDialog } from './shortcuts';

/** What can be done with a transcript. */
export function Toolbar({ record, onDelete }: { record: TranscriptRecord; onDelete: () => void }) {
  const { reader } = useTools();
  const [help, setHelp] = useState(false);
  return (
    <div className="mt-4 flex flex-wrap items-center gap-2 border-line border-b pb-4">
      <Button icon={<Search aria-hidden size={16} />} onClick={() => openFind(reader)}>
        Find
      </Button>
      <ExportMenu record={record} />
      <UnsureChoice />
      <div className="ml-auto flex">
        <IconButton
          label="Keyboard shortcuts"
          className="max-sm:hidden"
          onClick={() => setHelp(true)}
        >
          <Keyboard aria-hidden size={18} />
        </IconButton>
        <IconButton label="Delete" onClick={onDelete}>
          <Trash2 aria-hidden size={18} />
        </IconButton>
      </div>
      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
    </div>
  );
}

/** Marks words the recogniser was unsure of; the words beside the box are its legend. */
function UnsureChoice() {
  const { reader } = useTools();
  const marked = useReader((state) => state.markUnsure);
  return (
    <label className="inline-flex min-h-10 cursor-pointer items-center gap-2 rounded-lg px-2 text-sm hover:bg-sunken">
      <input
        type="checkbox"
        className="size-4 accent-(--accent)"
        checked={marked}
        onChange={(event) => reader.setState({ markUnsure: event.target.checked })}
      />
      <span>
        Mark{' '}
        <span className="underline decoration-[1.5px] decoration-line-strong decoration-dotted underline-offset-4">
          unsure words
        </span>
      </span>
    </label>
  );
}
