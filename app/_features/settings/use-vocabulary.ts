'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { queryKeys } from '@/app/_features/app';
import { attempt, type LaterSaver, saveLater, useOnLeave } from '@/app/_features/ui';
import { getSetting, parseVocabulary, type RefusedLine, setSetting } from '@/lib/client/store';
import { VOCABULARY_LIMITS } from '@/lib/engine';
import { t } from './messages';

/** Typing is stored once it has paused for this long, in ms. */
const SAVE_AFTER_MS = 500;

/** The list of names as it is edited; every change is stored soon after. */
export interface VocabularyEditor {
  /** As typed, else as stored; `null` until the store was read. */
  text: string | null;
  /** The valid entries in it. */
  entries: string[];
  /** Rejected lines, as of the last pause in typing: a line that is still being typed is not reported. */
  refused: RefusedLine[];
  state: 'saved' | 'saving' | 'failed';
  problem: unknown;
  retry(): void;
  edit(text: string): void;
  /** Stores immediately; a text without errors is then shown as it is stored. */
  commit(): void;
  /** Stores another list in place of what is there. @returns whether that worked */
  replace(entries: string[]): Promise<boolean>;
  /** Puts entries back in front of those that were added meanwhile. A failure is shown. */
  restore(entries: readonly string[]): Promise<void>;
}

export function useVocabulary(): VocabularyEditor {
  const client = useQueryClient();
  const queryKey = queryKeys.setting('vocabulary');
  const { data, error, refetch } = useQuery({ queryKey, queryFn: () => getSetting('vocabulary') });
  const [draft, setDraft] = useState<string | null>(null);
  const [refused, setRefused] = useState<RefusedLine[]>([]);
  const [state, setState] = useState<VocabularyEditor['state']>('saved');
  const newest = useRef<string[] | null>(null);

  const store = async (typed: string) => {
    const parsed = parseVocabulary(typed);
    newest.current = parsed.entries;
    setRefused(parsed.refused);
    // the list that is shown once the draft is dropped must not be an older one
    client.setQueryData(queryKey, parsed.entries);
    const stored = await attempt(() => setSetting('vocabulary', parsed.entries));
    if (newest.current === parsed.entries) setState(stored ? 'saved' : 'failed');
    return stored;
  };

  const [saver] = useState<LaterSaver<string>>(() =>
    saveLater((typed) => void store(typed), SAVE_AFTER_MS),
  );

  // a list that was just pasted is not lost with the page
  useOnLeave(saver.flush);

  const text = draft ?? data?.join('\n') ?? null;
  const now = parseVocabulary(text ?? '');
  const replace = async (entries: string[]) => {
    saver.flush();
    setDraft(null);
    return store(entries.join('\n'));
  };
  return {
    text,
    entries: now.entries,
    refused,
    state,
    problem: data ? null : error,
    retry: () => void refetch(),
    edit: (next) => {
      setDraft(next);
      setState('saving');
      // what is being stored is older than this, and does not count as saved
      newest.current = null;
      saver.set(next);
    },
    commit: () => {
      saver.flush();
      if (now.refused.length === 0) setDraft(null);
    },
    replace,
    restore: async (entries) => {
      await attempt(async () => {
        const added = await getSetting('vocabulary');
        await replace(parseVocabulary([...entries, ...added].join('\n')).entries);
      });
    },
  };
}

const LIMITS = {
  characters: VOCABULARY_LIMITS.characters,
  words: VOCABULARY_LIMITS.words,
  entries: VOCABULARY_LIMITS.entries,
};

/** Lines named one by one; the rest is counted. */
const MOST_LISTED = 3;
/** An entry is shown up to here. */
const SHOWN_CHARACTERS = 30;

/** One sentence for each line that is left out, the first few of them, and how many more. */
export function refusedTexts(refused: readonly RefusedLine[]): string[] {
  const texts = refused
    .slice(0, MOST_LISTED)
    .map(({ line, text, problem }) =>
      t(`refused.${problem}`, { line, text: shortened(text), ...LIMITS }),
    );
  const more = refused.length - texts.length;
  return more > 0 ? [...texts, t('moreLines', { count: more })] : texts;
}

function shortened(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS).trimEnd()}…`;
}
