'use client';

import { Search } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { TranscriptTools, useReader, useTools } from '@/app/_features/reader/context';
import { ExportMenu } from '@/app/_features/reader/export-menu';
import { findMatches } from '@/app/_features/reader/find';
import { FindBar } from '@/app/_features/reader/find-bar';
import { PlayerFrame } from '@/app/_features/reader/player';
import { openFind } from '@/app/_features/reader/reader';
import { Shortcuts } from '@/app/_features/reader/shortcuts';
import { TextRegion } from '@/app/_features/reader/text-region';
import { UnsureChoice } from '@/app/_features/reader/unsure-choice';
import { Button } from '@/app/_features/ui/button';
import { errorSentence } from '@/app/_features/ui/error-text';
import { focusMain } from '@/app/_features/ui/focus';
import { formatBytes, formatCount, formatDate } from '@/app/_features/ui/format';
import { TransferBar } from '@/app/_features/ui/transfer-bar';
import type { OpenShare } from '@/lib/client/sharing/share-opening';
import type { SegmentRecord } from '@/lib/client/store/schema';
import { isolated } from '@/lib/core/direction';
import { formatDuration } from '@/lib/core/time';
import { wordsInText } from '@/lib/transcript/spread-words';
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
