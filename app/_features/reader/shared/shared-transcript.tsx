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
import { formatDuration, isolated } from '@/lib/core';
import { wordsInText } from '@/lib/transcript';
import { TranscriptTools, useReader, useTools } from '../context';
import { ExportMenu } from '../export-menu';
import { findMatches } from '../find';
import { FindBar } from '../find-bar';
import { PlayerFrame } from '../player';
import { openFind } from '../reader';
import { Shortcuts } from '../shortcuts';
import { TextRegion } from '../text-region';
import { UnsureChoice } from '../unsure-choice';
import { sharedData } from './shared-data';
import { type SharedAudioState, useSharedAudio } from './use-shared-audio';

/** An opened share: its text at once, its recording as soon as it is here. */
export function SharedTranscript({ share }: { share: OpenShare }) {
  const data = useMemo(() => sharedData(share.document), [share]);
  return (
    <TranscriptTools data={data}>
      <View share={share} />
    </TranscriptTools>
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
  const query = useReader((state) => state.find.query);
  const matches = useMemo(
    () =>
      findMatches(
        segments.map(({ text }) => text),
        query,
      ),
    [segments, query],
  );
  // the field or the words that had the focus are gone
  useEffect(focusMain, []);
  useEffect(() => {
    document.title = `${isolated(transcript.title)} · AI2Text`;
  }, [transcript]);

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
    <div className="pb-44">
      <h1
        dir="auto"
        className="pt-2 font-serif text-2xl leading-tight [overflow-wrap:anywhere] sm:text-3xl"
      >
        {transcript.title}
      </h1>
      <p className="mt-1 text-muted text-sm">{facts.filter((fact) => fact !== '').join(' · ')}</p>
      <div className="mt-4 flex flex-wrap items-center gap-2 border-line border-b pb-4">
        <Button icon={<Search aria-hidden size={16} />} onClick={() => openFind(reader)}>
          Find
        </Button>
        <ExportMenu read={() => Promise.resolve(transcript)} />
        <UnsureChoice />
      </div>
      <FindBar matches={matches} />
      <PlayerFrame
        url={sound.kind === 'here' ? sound.url : null}
        hasVideo={audio?.hasVideo ?? false}
        durationMs={transcript.durationMs}
        marks={[]}
        instead={sound.kind !== 'here' && <Sound sound={sound} sizeBytes={audio?.sizeBytes ?? 0} />}
      >
        <TextRegion
          state="complete"
          language={transcript.language}
          segments={segments}
          matches={matches}
        />
      </PlayerFrame>
      <Shortcuts />
    </div>
  );
}

/** How the recording is getting here. */
function Sound({
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
