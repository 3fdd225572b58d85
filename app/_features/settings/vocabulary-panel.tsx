'use client';

import { useId, useRef } from 'react';
import {
  attempt,
  Button,
  FileButton,
  Notice,
  Panel,
  QueryProblem,
  saveAs,
  showToast,
} from '@/app/_features/ui';
import { AppError } from '@/lib/core';
import { VOCABULARY_LIMITS } from '@/lib/engine';
import { textOf } from '@/lib/import';
import { t } from './messages';
import { refusedTexts, useVocabulary } from './use-vocabulary';

/** A larger file is not a list of names. */
const MAX_LIST_BYTES = 1_000_000;

/** Names and terms that the recogniser prefers, one a line. */
export function VocabularyPanel() {
  const editor = useVocabulary();
  const { text, entries, refused, problem, replace, restore } = editor;
  const id = useId();
  const list = useRef<HTMLTextAreaElement>(null);

  const clear = async () => {
    // the button goes dead with the focus on it
    list.current?.focus();
    if (!(await replace([]))) return;
    showToast({
      text: t('entriesRemoved', { count: entries.length }),
      action: {
        label: t('undo'),
        run: () => void restore(entries),
      },
    });
  };

  /** Entries of a file come after those that are there. */
  const importList = (file: File) =>
    attempt(
      async () => {
        if (file.size > MAX_LIST_BYTES) throw new AppError('BAD_REQUEST', 'The list is too large.');
        const added = await textOf(file);
        editor.edit([text ?? '', added].join('\n'));
        editor.commit();
      },
      { BAD_REQUEST: t('listTooLarge') },
    );

  return (
    <Panel split title={t('namesAndJargon')}>
      {problem ? (
        <QueryProblem error={problem} onRetry={editor.retry} />
      ) : (
        <>
          <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
            {t('customVocabulary')}
          </label>
          <textarea
            ref={list}
            id={id}
            value={text ?? ''}
            readOnly={text === null}
            onChange={(event) => editor.edit(event.target.value)}
            onBlur={editor.commit}
            rows={6}
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            aria-describedby={`${id}-use ${id}-count`}
            placeholder={t('vocabularyExample')}
            className="block max-h-96 w-full resize-y rounded-lg border border-line bg-surface px-3 py-2 text-base placeholder:text-muted sm:text-sm"
          />
          <div className="mt-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <p id={`${id}-count`} className="text-muted text-sm tabular-nums">
              {t('entries', { count: entries.length, most: VOCABULARY_LIMITS.entries })}
              {editor.state !== 'saved' && t(editor.state)}
            </p>
            <div className="flex flex-wrap gap-2">
              <FileButton
                accept=".txt,.csv,text/plain,text/csv"
                onFile={(file) => void importList(file)}
              >
                {t('importList')}
              </FileButton>
              <Button
                disabled={entries.length === 0}
                onClick={() =>
                  saveAs(
                    new Blob([`${entries.join('\n')}\n`], { type: 'text/plain;charset=utf-8' }),
                    t('listFile'),
                  )
                }
              >
                {t('exportList')}
              </Button>
              <Button disabled={entries.length === 0} onClick={() => void clear()}>
                {t('clearList')}
              </Button>
            </div>
          </div>
          <div role="status">
            {refused.length > 0 && (
              <div className="mt-3">
                <Notice tone="warn">
                  <p>{t('leftOut')}</p>
                  <ul className="mt-1 space-y-1 [overflow-wrap:anywhere]">
                    {refusedTexts(refused).map((sentence) => (
                      <li key={sentence}>{sentence}</li>
                    ))}
                  </ul>
                </Notice>
              </div>
            )}
          </div>
          <p id={`${id}-use`} className="mt-3 text-muted text-sm">
            {t('vocabularyHint', {
              entries: VOCABULARY_LIMITS.entries,
              words: VOCABULARY_LIMITS.words,
              characters: VOCABULARY_LIMITS.characters,
            })}
          </p>
        </>
      )}
    </Panel>
  );
}
