'use client';

import { Bookmark } from 'lucide-react';
import { memo } from 'react';
import { useSetting } from '@/app/_features/app';
import { JumpToEnd, useFollowedEnd } from '@/app/_features/ui';
import type {
  LiveParagraph,
  LiveWord,
  RecordingPhase,
  RecordingState,
} from '@/lib/client/recording';
import { directionOfLanguage, directionOfText, formatClock } from '@/lib/core';
import { SAMPLES_PER_MS } from '@/lib/engine/audio';
import { t } from './messages';
import { paragraphText, useRecording } from './use-recording';

const hasNoLiveText = ({ notices }: RecordingState) =>
  notices.some(({ kind }) => kind === 'no-live-text');

/** The words so far: final ones in ink, those that may still change muted. */
export function LiveTranscript() {
  const paragraphs = useRecording((state) => state.paragraphs);
  const partial = useRecording((state) => state.partial);
  const phase = useRecording((state) => state.phase);
  const liveModel = useRecording((state) => state.liveModel);
  const failed = useRecording(hasNoLiveText);
  const language = useSetting('language');
  const { box, follows, onScroll, goToEnd } = useFollowedEnd();

  const last = paragraphs.length - 1;
  const empty = paragraphs.length === 0 && partial.length === 0;
  return (
    <div className="relative">
      <section
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too
        tabIndex={0}
        aria-label={t('liveTranscript')}
        aria-live="polite"
        className="max-h-[55vh] min-h-40 overflow-y-auto rounded-2xl border border-line bg-surface px-5 py-5 font-serif text-lg leading-relaxed sm:px-8"
        onScroll={onScroll}
      >
        {empty && (
          <p className="text-muted">{failed ? t('noLiveText') : waitingText(phase, liveModel)}</p>
        )}
        {paragraphs.map((paragraph, at) =>
          at < last ? (
            <Paragraph key={paragraph.startSample} paragraph={paragraph} language={language} />
          ) : (
            <p
              key={paragraph.startSample}
              {...lookOf(paragraph, partial, language)}
              className="mb-4 last:mb-0"
            >
              <Words words={paragraph.words} />
              <Partial words={partial} />
            </p>
          ),
        )}
        {last < 0 && partial.length > 0 && (
          <p {...lookOf(null, partial, language)}>
            <Partial words={partial} />
          </p>
        )}
      </section>
      {!follows && <JumpToEnd label={t('backToNow')} onPress={goToEnd} />}
    </div>
  );
}

function waitingText(phase: RecordingPhase, liveModel: string | null): string {
  switch (phase) {
    case 'starting':
      return t('wordsAppearHere');
    case 'finishing':
      return t('lastWords');
    case 'idle':
      return liveModel === null ? t('overBeforeModel') : t('noWordsHeard');
    default:
      if (liveModel === null) return t('modelLoading');
      return phase === 'recording' ? t('wordsAppearHere') : t('nothingSaidYet');
  }
}

/** Plain text, drawn once: three hours have thirty thousand words. */
const Paragraph = memo(function Paragraph({
  paragraph,
  language,
}: {
  paragraph: LiveParagraph;
  language: string | null;
}) {
  return (
    <p
      {...lookOf(paragraph, [], language)}
      className="mb-4 [contain-intrinsic-size:auto_6rem] [content-visibility:auto]"
    >
      {paragraphText(paragraph)}
    </p>
  );
});

/** Which way a paragraph runs, and its language where one was chosen and it can be that. */
function lookOf(
  paragraph: LiveParagraph | null,
  partial: readonly LiveWord[],
  language: string | null,
) {
  const words = [...(paragraph?.words ?? []), ...partial];
  const dir = directionOfText(
    words.map(({ text }) => text),
    language ?? '',
  );
  return language !== null && directionOfLanguage(language) === dir
    ? { dir, lang: language }
    : { dir };
}

const Words = memo(function Words({ words }: { words: readonly LiveWord[] }) {
  return words.map((word) => <Word key={word.startSample} word={word} />);
});

/** What may still change is not read aloud: it would never come to an end. */
function Partial({ words }: { words: readonly LiveWord[] }) {
  if (words.length === 0) return null;
  return (
    <span data-partial aria-live="off" className="text-muted">
      <Words words={words} />
    </span>
  );
}

const Word = memo(function Word({ word }: { word: LiveWord }) {
  const { text, startSample, endSample } = word;
  return (
    <span
      data-second={word.isSecond}
      data-start-ms={Math.round(startSample / SAMPLES_PER_MS)}
      data-end-ms={Math.round(endSample / SAMPLES_PER_MS)}
    >
      {`${text} `}
    </span>
  );
});

/** The moments marked so far; they can be played from on the transcript's page. */
export function Marks() {
  const marks = useRecording((state) => state.marks);
  if (marks.length === 0) return null;
  return (
    <section aria-label={t('marks')}>
      <p role="status" className="mb-2 text-muted text-sm">
        {t('marksMade', { count: marks.length })}
      </p>
      <ul className="flex flex-wrap gap-2">
        {marks.map(({ id, atMs }) => (
          <li
            key={id}
            className="inline-flex items-center gap-1.5 rounded-full border border-line bg-surface px-3 py-1 text-sm tabular-nums"
          >
            <Bookmark aria-hidden size={14} className="text-accent" />
            {formatClock(atMs)}
          </li>
        ))}
      </ul>
    </section>
  );
}
