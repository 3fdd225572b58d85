'use client';

import { Search } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import {
  Button,
  errorSentence,
  focusMain,
  formatBytes,
  formatCount,
  formatDate,
  TransferBar,
} from '@/app/_features/ui';
import type { OpenShare } from '@/lib/client/sharing';
import type { SegmentRecord } from '@/lib/client/store';
import { formatDuration } from '@/lib/core';
import { wordsInText } from '@/lib/transcript';
import { ReaderTools, useTools } from '../context';
import { ExportMenu } from '../export-menu';
import { Reader } from '../reader';
import { openFind } from '../reader-state';
import { UnsureChoice } from '../unsure-choice';
import { sharedSource } from './shared-source';
import { type SharedAudioState, useSharedAudio } from './use-shared-audio';

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
    formatCount(
      segments.reduce((sum, { wordCount = 0 }) => sum + wordCount, 0),
      'word',
    ),
    share.expiresAt ? `Link expires ${formatDate(share.expiresAt)}` : '',
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
            Find
          </Button>
          <ExportMenu read={() => Promise.resolve(transcript)} />
          <UnsureChoice />
        </>
      }
      segments={segments}
      state="complete"
      language={transcript.language}
      marks={[]}
      sound={{
        url: sound.kind === 'here' ? sound.url : null,
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
      return <p>The text was shared without its recording.</p>;
    case 'offered':
      return (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p>The recording has {formatBytes(sizeBytes)}.</p>
          <Button onClick={sound.start}>Load recording</Button>
        </div>
      );
    case 'coming':
      return <TransferBar label="Loading the recording" {...sound.transfer} />;
    case 'failed':
      return (
        <div role="alert" className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-56">
            The recording could not be loaded. {errorSentence(sound.error.code)} The text is not
            affected.
          </p>
          <Button onClick={sound.start}>Try again</Button>
        </div>
      );
  }
}
