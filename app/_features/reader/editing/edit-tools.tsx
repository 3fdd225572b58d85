'use client';

import { ChevronDown, ChevronUp, PencilLine, Redo2, Undo2 } from 'lucide-react';
import { type MouseEvent, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Button, errorSentence, IconButton, Notice } from '@/app/_features/ui';
import type { Editor } from '@/lib/client/editing';
import type { TranscriptRecord } from '@/lib/client/store';
import { useReader, useTools } from '../context';
import { t } from '../messages';
import type { ReaderState } from '../reader-state';
import { takeStep } from './commands';

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
  // by Enter, more than once: in the text it would split a segment, until the button can no longer be pressed
  const [next, setNext] = useState<{ by: -1 | 1; caret: ReaderState['caret'] } | null>(null);
  useEffect(() => {
    if (!next?.caret || done !== (next.by < 0 ? 0 : total)) return;
    reader.setState({ caret: next.caret });
    setNext(null);
  }, [reader, next, done, total]);
  if (!editor) return null;
  const step = async (by: -1 | 1, { detail }: MouseEvent) => {
    const caret = await takeStep(editor, reader, by);
    if (detail === 0) setNext({ by, caret });
    else if (caret) reader.setState({ caret });
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
            onClick={(event) => void step(-1, event)}
          >
            <Undo2 aria-hidden size={18} />
          </IconButton>
          <IconButton
            label={t('redo')}
            className="max-sm:w-8"
            disabled={done === total}
            onClick={(event) => void step(1, event)}
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
      {t(`save.${status}`)}
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
  const [isWhole, setWhole] = useState(false);
  if (!problem) return null;
  const Chevron = isWhole ? ChevronUp : ChevronDown;
  return (
    <Notice tone="danger" isRow isCompact>
      <div role="alert" className="flex flex-wrap items-center justify-between gap-1 sm:gap-3">
        {/* on a phone all of it would cover the text that one is typing */}
        <p
          className={`min-w-0 flex-1 sm:basis-56 ${isWhole ? 'max-sm:basis-full' : 'max-sm:line-clamp-2'}`}
        >
          {t('notSaved')} {errorSentence(problem.code)}
        </p>
        <IconButton
          label={isWhole ? t('lessOfProblem') : t('moreOfProblem')}
          className="sm:hidden"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          <Chevron aria-hidden size={18} />
        </IconButton>
        <Button className="max-sm:px-2" onClick={editor.retry}>
          {t('tryAgain')}
        </Button>
      </div>
    </Notice>
  );
}
