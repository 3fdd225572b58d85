'use client';

import { Search } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import {
  Button,
  errorSentence,
  focusMain,
  formatBytes,
  formatDate,
  formatDuration,
  TransferBar,
} from '@/app/_features/ui';
import {
  downloadAudio,
  type OpenShare,
  type ShareDocument,
  type Transfer,
} from '@/lib/client/sharing';
import type { SegmentRecord } from '@/lib/client/store';
import { type AppError, isAbort, toAppError } from '@/lib/core';
import { DEFAULT_EXPORT_OPTIONS } from '@/lib/export';
import { wordsInText } from '@/lib/transcript';
import { ReaderTools, useTools } from '../context';
import { ExportMenu } from '../export-menu';
import { DEFAULT_CHOICES } from '../export-options';
import { t } from '../messages';
import { Reader } from '../reader';
import { openFind } from '../reader-state';
import type { TranscriptSource } from '../transcript-source';
import { UnsureChoice } from '../unsure-choice';

/** Up to this size a recording comes without being asked for, in bytes. */
const UNASKED_BYTES = 64 * 2 ** 20;

/** The recording of an opened share, on its way here. */
type SharedAudioState =
  | { kind: 'none' }
  /** It is large: the reader may not want it. */
  | { kind: 'offered'; start: () => void }
  | { kind: 'coming'; transfer: Transfer }
  | { kind: 'failed'; error: AppError; start: () => void }
  | { kind: 'here'; url: string };

/** Downloads the recording of a share, at once or when it is asked for. */
function useSharedAudio(share: OpenShare): SharedAudioState {
  const { audio } = share.document;
  const sizeBytes = audio?.sizeBytes ?? 0;
  const [wanted, setWanted] = useState(sizeBytes > 0 && sizeBytes <= UNASKED_BYTES && !savesData());
  const [transfer, setTransfer] = useState<Transfer>({ doneBytes: 0, totalBytes: sizeBytes });
  const [error, setError] = useState<AppError | null>(null);
  const [url, setUrl] = useState<string | null>(null);

  useEffect(() => {
    if (!audio || !wanted) return;
    const scope = new AbortController();
    const { signal } = scope;
    let made: string | null = null;
    downloadAudio(share, audio, { signal, onProgress: setTransfer }).then(
      (blob) => {
        if (signal.aborted) return;
        made = URL.createObjectURL(blob);
        setUrl(made);
      },
      (failure: unknown) => {
        if (isAbort(failure) || signal.aborted) return;
        setError(toAppError(failure));
        setWanted(false);
      },
    );
    return () => {
      scope.abort();
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [share, audio, wanted]);

  const start = useCallback(() => {
    setError(null);
    setWanted(true);
  }, []);

  if (!audio) return { kind: 'none' };
  if (url !== null) return { kind: 'here', url };
  if (error) return { kind: 'failed', error, start };
  return wanted ? { kind: 'coming', transfer } : { kind: 'offered', start };
}

/** Whether the browser was asked to save data. */
function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

/** An opened share: its text at once, its recording as soon as it is here. */
export function SharedTranscript({ share }: { share: OpenShare }) {
  const source = useMemo(() => sharedSource(share.document), [share]);
  return (
    <ReaderTools source={source}>
      <View share={share} />
    </ReaderTools>
  );
}

function View({ share }: { share: OpenShare }) {
  const { transcript, audio } = share.document;
  const { reader } = useTools();
  const sound = useSharedAudio(share);
  // nothing is kept on a guest's device
  const exports = useState(DEFAULT_CHOICES);
  const segments = useMemo(
    () =>
      transcript.segments.map(
        // one by one: there may be a hundred thousand, and spreading is slow
        ({ id, startMs, endMs, speakerId, text, edited, words }, index): SegmentRecord => ({
          id,
          startMs,
          endMs,
          speakerId,
          text,
          edited,
          transcriptId: transcript.id,
          index,
          wordCount: words.length || wordsInText(text).length,
        }),
      ),
    [transcript],
  );
  // the field or the words that had the focus are gone
  useEffect(focusMain, []);

  const facts = [
    formatDate(transcript.createdAt),
    formatDuration(transcript.durationMs),
    t('words', { count: segments.reduce((sum, { wordCount = 0 }) => sum + wordCount, 0) }),
    share.expiresAt ? t('linkExpires', { date: formatDate(share.expiresAt) }) : '',
  ];
  return (
    <Reader
      title={transcript.title}
      heading={
        <h1
          dir="auto"
          className="pt-2 font-serif text-2xl leading-tight [overflow-wrap:anywhere] sm:text-3xl"
        >
          {transcript.title}
        </h1>
      }
      facts={
        <p className="mt-1 text-muted text-sm">{facts.filter((fact) => fact !== '').join(' · ')}</p>
      }
      tools={
        <>
          <Button icon={<Search aria-hidden size={16} />} onClick={() => openFind(reader)}>
            {t('find')}
          </Button>
          <ExportMenu read={() => Promise.resolve(transcript)} choices={exports} />
          <UnsureChoice />
        </>
      }
      segments={segments}
      state="complete"
      language={transcript.language}
      marks={[]}
      speakers={transcript.speakers}
      spoken={DEFAULT_EXPORT_OPTIONS}
      sound={{
        url: sound.kind === 'here' ? sound.url : null,
        isComing: sound.kind === 'coming',
        hasVideo: audio?.hasVideo ?? false,
        durationMs: transcript.durationMs,
        instead: sound.kind !== 'here' && (
          <SoundState sound={sound} sizeBytes={audio?.sizeBytes ?? 0} />
        ),
      }}
    />
  );
}

/** How the recording is getting here. */
function SoundState({
  sound,
  sizeBytes,
}: {
  sound: Exclude<SharedAudioState, { kind: 'here' }>;
  sizeBytes: number;
}) {
  switch (sound.kind) {
    case 'none':
      return <p>{t('withoutRecording')}</p>;
    case 'offered':
      return (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p>{t('recordingSize', { size: formatBytes(sizeBytes) })}</p>
          <Button onClick={sound.start}>{t('loadRecording')}</Button>
        </div>
      );
    case 'coming':
      return <TransferBar label={t('loadingRecording')} {...sound.transfer} />;
    case 'failed':
      return (
        <div role="alert" className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-56">
            {t('recordingNotLoaded', { reason: errorSentence(sound.error.code) })}
          </p>
          <Button onClick={sound.start}>{t('tryAgain')}</Button>
        </div>
      );
  }
}

/** A shared transcript: all of it is in memory, and nothing of it is kept on this device. */
function sharedSource({ transcript, audio }: ShareDocument): TranscriptSource {
  const wordsInMemory = (from: number, to: number) =>
    new Map(transcript.segments.slice(from, to).map(({ words }, at) => [from + at, words]));
  return {
    id: transcript.id,
    readWords: async (from, to) => wordsInMemory(from, to),
    wordsInMemory,
    readWaveform: async () => (audio ? Uint8Array.from(audio.peaks) : null),
    keep: () => undefined,
  };
}
