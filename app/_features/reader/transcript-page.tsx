'use client';

import { useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useEffect, useMemo, useRef, useState } from 'react';
import { getApp } from '@/app/_features/app';
import { useTranscript } from '@/app/_features/library';
import { useRemoteTranscript } from '@/app/_features/sync';
import { attempt, buttonClass, QueryProblem, showToast, useTranscriptId } from '@/app/_features/ui';
import {
  addToVocabulary,
  type CorrectionWatch,
  createEditor,
  type WordTimer,
  watchCorrections,
} from '@/lib/client/editing';
import { ReaderTools } from './context';
import { editorView } from './editing/editor-view';
import { t } from './messages';
import { RemoteTranscriptView } from './remote-transcript-view';
import { storedSource } from './stored-source';
import { TranscriptView } from './transcript-view';

/** The page of one transcript, by the id in the address. */
export function TranscriptPage() {
  const id = useTranscriptId();
  return id === null ? null : <KnownTranscript key={id} id={id} />;
}

function KnownTranscript({ id }: { id: string }) {
  const { data: record, error, refetch } = useTranscript(id);
  const { data: remote } = useRemoteTranscript(id, record === null);
  const source = useMemo(() => storedSource(id), [id]);
  const client = useQueryClient();
  const followers = useRef<(WordTimer | CorrectionWatch)[]>([]);
  const editor = useMemo(
    () =>
      createEditor(id, editorView(client, id), (patch) => {
        for (const follower of followers.current) follower.edited(patch);
      }),
    [client, id],
  );
  useEffect(() => {
    followers.current = [getApp().timeWords(id), watchCorrections(offerForVocabulary)];
    return () => {
      for (const follower of followers.current) follower.dispose();
      followers.current = [];
    };
  }, [id]);
  useEffect(() => {
    const scope = new AbortController();
    const { signal } = scope;
    editor.recover();
    // before the fields give what is in them
    window.addEventListener('pagehide', () => editor.leave(), { signal, capture: true });
    window.addEventListener('pageshow', () => editor.recover(), { signal });
    window.addEventListener(
      'beforeunload',
      (event) => {
        if (editor.state.getState().status === 'failed') event.preventDefault();
      },
      { signal },
    );
    return () => scope.abort();
  }, [editor]);
  // deleted from here: it is gone before the library is on the page
  const [leaving, setLeaving] = useState(false);
  if (leaving) return null;
  // read within a few milliseconds: words that come and go would only flicker; and what was read
  // once stays, when it could not be read again
  if (record === undefined)
    return error && <QueryProblem error={error} onRetry={() => void refetch()} />;
  if (record === null)
    return remote ? (
      <RemoteTranscriptView record={remote} onLeaving={setLeaving} />
    ) : (
      remote === null && <NotHere />
    );
  return (
    <ReaderTools source={source} editor={editor}>
      <TranscriptView record={record} onLeaving={setLeaving} />
    </ReaderTools>
  );
}

/** A name that was put right twice is right in the next file, if one wishes. */
function offerForVocabulary(name: string): void {
  showToast({
    text: t('offerName', { name }),
    action: {
      label: t('addSpeaker'),
      run: async () => {
        if (await attempt(() => addToVocabulary(name)))
          showToast({ text: t('nameAdded', { name }) });
      },
    },
  });
}

function NotHere() {
  return (
    <div className="max-w-prose space-y-4 py-16">
      <title>{`${t('notFound')} · AI2Text`}</title>
      <h1 className="text-3xl">{t('noSuchTranscript')}</h1>
      <p className="text-muted">{t('noSuchTranscriptHint')}</p>
      <Link href="/" className={buttonClass('primary')}>
        {t('backToLibrary')}
      </Link>
    </div>
  );
}
