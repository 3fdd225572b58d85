'use client';

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { getApp, pageOfRow, queryKeys, showPatch, useSetting } from '@/app/_features/app';
import {
  deleteFromAll,
  deleteTranscript,
  useJobs,
  useSegments,
  useTranscript,
} from '@/app/_features/library';
import { useRemoteTranscript } from '@/app/_features/sync';
import {
  attempt,
  Button,
  buttonClass,
  formatDate,
  formatDuration,
  QueryProblem,
  showToast,
  useTranscriptId,
} from '@/app/_features/ui';
import {
  addToVocabulary,
  type Editor,
  type EditorView,
  openEditor,
  watchCorrections,
} from '@/lib/client/editing';
import type {
  Mark,
  RemoteTranscriptRecord,
  SegmentRecord,
  TranscriptRecord,
  VocabularyProblem,
} from '@/lib/client/store';
import { isolated } from '@/lib/core';
import { VOCABULARY_LIMITS } from '@/lib/engine';
import type { Speaker } from '@/lib/transcript';
import { ReaderTools } from './context';
import { Facts } from './facts';
import { t } from './messages';
import { useKeptSound } from './player';
import { Reader } from './reader';
import { TitleBox } from './title-box';
import { Toolbar } from './toolbar';
import { storedSource, type WordsOfRows } from './transcript-source';
import { usePlace, useStoredChoices } from './use-stored-choices';

/**
 * Everything on the page of one transcript.
 * @param onLeaving called with `true` when it is being deleted, `false` when that did not work
 */
function TranscriptView({
  record,
  editor,
  onLeaving,
}: {
  record: TranscriptRecord;
  editor: Editor;
  onLeaving: (leaving: boolean) => void;
}) {
  const { id, title } = record;
  const router = useRouter();
  const { data: segments, error, refetch } = useSegments(id);
  const hasFailed = useJobs().jobs.some((job) => job.id === id && job.status === 'failed');
  const sound = useKeptSound(record);
  const { options: spoken } = useSetting('exports');
  // the record may have been read before these
  const waiting = useStore(editor.state, ({ speakers }) => speakers);
  useStoredChoices();
  usePlace(id);

  const remove = async () => {
    onLeaving(true);
    if (await deleteTranscript(id, title)) router.push('/');
    else onLeaving(false);
  };

  return (
    <Reader
      title={title}
      heading={<TitleBox id={id} title={title} />}
      facts={<Facts record={record} />}
      tools={<Toolbar record={record} onDelete={() => void remove()} />}
      segments={segments}
      problem={
        error &&
        !segments && (
          <div className="mt-4">
            <QueryProblem error={error} onRetry={() => void refetch()} />
          </div>
        )
      }
      state={hasFailed ? 'failed' : record.state}
      language={record.language}
      marks={record.marks ?? NO_MARKS}
      speakers={waiting ?? record.speakers ?? NO_SPEAKERS}
      spoken={spoken}
      sound={sound}
    />
  );
}

const NO_MARKS: Mark[] = [];
const NO_SPEAKERS: Speaker[] = [];

/**
 * The page of a transcript that is on another device: what is known of it, and how to read it.
 * @param onLeaving called with `true` when it is being deleted, `false` when that did not work
 */
function RemoteTranscriptView({
  record,
  onLeaving,
}: {
  record: RemoteTranscriptRecord;
  onLeaving: (leaving: boolean) => void;
}) {
  const { id, title, createdAt, durationMs, wordCount } = record;
  const router = useRouter();

  useEffect(() => {
    document.title = `${isolated(title)} · AI2Text`;
  }, [title]);

  const remove = async () => {
    onLeaving(true);
    if (await deleteFromAll(id, title)) router.push('/');
    else onLeaving(false);
  };

  return (
    <div className="max-w-prose">
      <TitleBox id={id} title={title} />
      <p className="mt-1 text-muted text-sm tabular-nums">
        {[formatDate(createdAt), formatDuration(durationMs), t('words', { count: wordCount })].join(
          ' · ',
        )}
      </p>
      <div className="mt-8 space-y-3">
        <h2 className="text-xl">{t('wordsElsewhere')}</h2>
        <p className="text-muted">{t.rich('elsewhereHint', { em: (name) => <em>{name}</em> })}</p>
      </div>
      <div className="mt-6 flex flex-wrap gap-2">
        <Link href="/" className={buttonClass('primary')}>
          {t('backToLibrary')}
        </Link>
        <Button tone="danger" icon={<Trash2 aria-hidden size={16} />} onClick={() => void remove()}>
          {t('deleteEverywhere')}
        </Button>
      </div>
    </div>
  );
}

const NO_ROWS: SegmentRecord[] = [];

/** What the page has read of a transcript, for its editor. */
function editorView(client: QueryClient, id: string): EditorView {
  return {
    rows: () => client.getQueryData<SegmentRecord[]>(queryKeys.segments(id)) ?? NO_ROWS,
    wordsOf: (index) =>
      client.getQueryData<WordsOfRows>(queryKeys.words(id, pageOfRow(index)))?.get(index),
    speakers: () => client.getQueryData<TranscriptRecord>(queryKeys.transcript(id))?.speakers ?? [],
    show: (patch) => showPatch(client, id, patch),
  };
}

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
  const editor = useMemo(() => openEditor(id, editorView(client, id)), [client, id]);
  useEffect(() => {
    const followers = [getApp().timeWords(id), watchCorrections(offerForVocabulary)];
    const unsubscribe = editor.onTextStored((patch) => {
      for (const follower of followers) follower.edited(patch);
    });
    return () => {
      unsubscribe();
      for (const follower of followers) follower.dispose();
    };
  }, [editor, id]);
  useEffect(() => {
    const scope = new AbortController();
    editor.recover();
    window.addEventListener(
      'beforeunload',
      (event) => {
        if (editor.state.getState().status === 'failed') event.preventDefault();
      },
      { signal: scope.signal },
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
      <TranscriptView record={record} editor={editor} onLeaving={setLeaving} />
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
        await attempt(async () => {
          const problem = await addToVocabulary(name);
          if (problem === null) showToast({ text: t('nameAdded', { name }) });
          else showToast({ text: refusedName(name, problem), tone: 'danger' });
        });
      },
    },
  });
}

function refusedName(name: string, problem: VocabularyProblem): string {
  const { entries, characters } = VOCABULARY_LIMITS;
  return problem === 'too-many-entries'
    ? t('vocabularyFull', { name, entries })
    : t('nameUnfit', { name, characters });
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
