'use client';

import { PencilLine, Redo2, Undo2 } from 'lucide-react';
import type { MouseEvent } from 'react';
import { useStore } from 'zustand';
import { Button, errorSentence, IconButton, Notice } from '@/app/_features/ui';
import type { Editor } from '@/lib/client/editing';
import type { TranscriptRecord } from '@/lib/client/store';
import { useReader, useTools } from '../context';
import { t } from '../messages';
import { stepEdits } from './commands';

/** Begins and ends editing. */
export function EditButton() {
  const { editor, reader } = useTools();
  const editing = useReader((state) => state.editing);
  if (!editor) return null;
  return (
    <Button
      icon={<PencilLine aria-hidden size={16} />}
      aria-pressed={editing}
      tone={editing ? 'primary' : 'plain'}
      className="max-sm:px-2"
      onClick={() => reader.setState({ editing: !editing })}
    >
      {t('edit')}
    </Button>
  );
}

/** Takes edits back and makes them again, and says whether they are stored. */
export function EditHistory({ record }: { record: TranscriptRecord }) {
  const { editor, reader } = useTools();
  const editing = useReader((state) => state.editing);
  const { done, total } = record.edits ?? { done: 0, total: 0 };
  if (!editor) return null;
  /** By Enter, more than once: in the text it would split a segment. The last time, the button can no longer be pressed. */
  const step = (by: -1 | 1, { detail }: MouseEvent) => {
    const left = by < 0 ? done : total - done;
    void stepEdits(editor, reader, by, detail === 0 && left > 1);
  };
  return (
    <>
      {(editing || total > 0) && (
        // a phone has room for them while one edits
        <div className={`flex ${editing ? '' : 'max-sm:hidden'}`}>
          <IconButton
            label={t('undo')}
            className="max-sm:w-8"
            disabled={done === 0}
            onClick={(event) => step(-1, event)}
          >
            <Undo2 aria-hidden size={18} />
          </IconButton>
          <IconButton
            label={t('redo')}
            className="max-sm:w-8"
            disabled={done === total}
            onClick={(event) => step(1, event)}
          >
            <Redo2 aria-hidden size={18} />
          </IconButton>
        </div>
      )}
      {editing && <SaveState editor={editor} />}
    </>
  );
}

/** Whether everything that was typed is stored. */
function SaveState({ editor }: { editor: Editor }) {
  const status = useStore(editor.state, (state) => state.status);
  return (
    <p role="status" className="px-1 text-muted text-sm">
      {status !== 'failed' && t(`save.${status}`)}
    </p>
  );
}

/** Said where edits could not be stored: they are on the page until they can. */
export function SaveProblem() {
  const { editor } = useTools();
  return editor && <Problem editor={editor} />;
}

function Problem({ editor }: { editor: Editor }) {
  const problem = useStore(editor.state, (state) => state.problem);
  if (!problem) return null;
  return (
    <div className="sticky top-2 z-20 mt-3">
      <Notice tone="danger">
        <div role="alert" className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-56">
            {t('notSaved')} {errorSentence(problem.code)}
          </p>
          <Button onClick={editor.retry}>{t('tryAgain')}</Button>
        </div>
      </Notice>
    </div>
  );
}
