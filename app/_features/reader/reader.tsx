'use client';

import { type ReactNode, useEffect, useMemo } from 'react';
import type { Mark, SegmentRecord, TranscriptRecord } from '@/lib/client/store';
import { isolated } from '@/lib/core';
import type { Speaker } from '@/lib/transcript';
import { useReader } from './context';
import { ChangesView } from './editing/changes-view';
import { SaveProblem } from './editing/edit-tools';
import { ReviewBar } from './editing/review-bar';
import { SpeakerDialog } from './editing/speaker-dialog';
import { findMatches } from './find';
import { FindBar } from './find-bar';
import { MarkList } from './mark-list';
import { PlayerFrame, type Sound } from './player';
import { Shortcuts } from './shortcuts';
import { type Spoken, TextRegion } from './text-region';

const NO_SEGMENTS: SegmentRecord[] = [];

interface Props {
  title: string;
  /** The title on the page. */
  heading: ReactNode;
  /** Where the text comes from, and what one should know of it. */
  facts: ReactNode;
  /** What can be done with it. */
  tools: ReactNode;
  /** Undefined until they are read. */
  segments: SegmentRecord[] | undefined;
  /** Shown in place of the text. */
  problem?: ReactNode;
  /** `failed`: the facts say why there is no more text. */
  state: TranscriptRecord['state'] | 'failed';
  /** BCP 47. */
  language: string;
  marks: readonly Mark[];
  speakers: readonly Speaker[];
  spoken: Spoken;
  sound: Sound;
}

/** A transcript with its recording, whether it is mine or was shared with me. */
export function Reader({
  title,
  heading,
  facts,
  tools,
  segments,
  problem,
  state,
  language,
  marks,
  speakers,
  spoken,
  sound,
}: Props) {
  const comparing = useReader((reader) => reader.comparing);
  const { query, matchCase, wholeWord } = useReader((reader) => reader.find);
  const matches = useMemo(
    () =>
      findMatches(
        (segments ?? NO_SEGMENTS).map(({ text }) => text),
        query,
        { matchCase, wholeWord },
      ),
    [segments, query, matchCase, wholeWord],
  );
  useEffect(() => {
    document.title = `${isolated(title)} · AI2Text`;
  }, [title]);
  return (
    <div className="pb-52">
      {heading}
      {facts}
      <div className="mt-4 flex flex-wrap items-center gap-1 border-line border-b pb-3 sm:gap-2">
        {tools}
      </div>
      <MarkList marks={marks} />
      {/* they stay in view below one another */}
      <div className="sticky top-2 z-20 mt-3 space-y-2 empty:mt-0">
        <SaveProblem />
        <FindBar segments={segments ?? NO_SEGMENTS} matches={matches} />
        <ReviewBar segments={segments ?? NO_SEGMENTS} />
      </div>
      <PlayerFrame {...sound} marks={marks} segments={segments ?? NO_SEGMENTS}>
        {problem}
        {segments && comparing && (
          <ChangesView title={title} segments={segments} language={language} />
        )}
        {segments && !comparing && (
          <TextRegion
            state={state}
            language={language}
            segments={segments}
            speakers={speakers}
            matches={matches}
            spoken={spoken}
          />
        )}
      </PlayerFrame>
      <SpeakerDialog segments={segments ?? NO_SEGMENTS} speakers={speakers} />
      <Shortcuts />
    </div>
  );
}
