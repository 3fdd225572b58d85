'use client';

import { useId, useRef } from 'react';
import {
  attempt,
  Button,
  formatCount,
  Notice,
  Panel,
  QueryProblem,
  showToast,
} from '@/app/_features/ui';
import { getSetting, parseVocabulary } from '@/lib/client/store';
import { VOCABULARY_LIMITS } from '@/lib/engine';
import { useVocabulary } from './use-vocabulary';
import { refusedTexts } from './vocabulary-facts';

const STATES = { saved: '', saving: ', saving …', failed: ', not saved' } as const;

/** Names and terms that the recogniser prefers, one a line. */
export function VocabularyPanel() {
  const editor = useVocabulary();
  const { text, entries, refused, problem, replace } = editor;
  const id = useId();
  const list = useRef<HTMLTextAreaElement>(null);

  const clear = async () => {
    // the button goes dead with the focus on it
    list.current?.focus();
    if (!(await replace([]))) return;
    showToast({
      text: `${formatCount(entries.length, 'entry', 'entries')} removed.`,
      action: {
        label: 'Undo',
        run: () =>
          void attempt(async () => {
            // what was added meanwhile stays
            const now = await getSetting('vocabulary');
            await replace(parseVocabulary([...entries, ...now].join('\n')).entries);
          }),
      },
    });
  };

  return (
    <Panel split title="Names and jargon">
      {problem ? (
        <QueryProblem error={problem} onRetry={editor.retry} />
      ) : (
        <>
          <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
            Custom vocabulary
          </label>
          <textarea
            ref={list}
            id={id}
            value={text ?? ''}
            readOnly={text === null}
            onChange={(event) => editor.edit(event.target.value)}
            onBlur={editor.settle}
            rows={6}
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            aria-describedby={`${id}-use ${id}-count`}
            placeholder={'Kubernetes\nAnna Schmidt\nctDNA'}
            className="block max-h-96 w-full resize-y rounded-lg border border-line bg-surface px-3 py-2 text-base placeholder:text-muted sm:text-sm"
          />
          <div className="mt-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <p id={`${id}-count`} className="text-muted text-sm tabular-nums">
              {entries.length} of {VOCABULARY_LIMITS.entries} entries
              {STATES[editor.state]}
            </p>
            <Button disabled={entries.length === 0} onClick={() => void clear()}>
              Clear list
            </Button>
          </div>
          <div role="status">
            {refused.length > 0 && (
              <div className="mt-3">
                <Notice tone="warn">
                  <p>Left out, the rest is used:</p>
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
            One name or term a line, written as the text should have it. Draft, Base and Whisper
            models prefer these words, and can write those they do not know; a word that sounds
            alike may come out as one of them. Other models only take over the capitals. Up to{' '}
            {VOCABULARY_LIMITS.entries} entries, each of at most {VOCABULARY_LIMITS.words} words and{' '}
            {VOCABULARY_LIMITS.characters} characters. The list holds for files that are started
            from now on.
          </p>
        </>
      )}
    </Panel>
  );
}
