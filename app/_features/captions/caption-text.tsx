'use client';

import { memo, useEffect, useLayoutEffect, useRef } from 'react';
import { JumpToEnd, useFollowedEnd } from '@/app/_features/ui';
import { type CaptionParagraph, type Captions, paragraphsOf } from '@/lib/client/captions';
import { directionOfLanguage, directionOfText } from '@/lib/core';
import { type CaptionLook, remOf } from './caption-look';
import { t } from './messages';

/** Height of a line, in sizes of the text. */
const LINE_HEIGHT = 1.4;

/**
 * The words so far, the latest at the bottom. Lines only move up: where unsure words become fewer, the line they
 * leave stays empty until it is filled again.
 */
export function CaptionText({
  captions,
  look: { size, lines },
  empty,
}: {
  captions: Captions;
  look: CaptionLook;
  /** Said while there are no words. */
  empty: string;
}) {
  const text = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const tallest = useRef({ layout: '', height: 0 });
  const layout = `${size} ${lines}`;

  // after every render: new words and another look are what it renders for, and both change the height
  useLayoutEffect(() => {
    if (!text.current || !spacer.current) return;
    const height = text.current.offsetHeight;
    if (tallest.current.layout !== layout) tallest.current = { layout, height };
    tallest.current.height = Math.max(tallest.current.height, height);
    spacer.current.style.height = `${tallest.current.height - height}px`;
  });
  // a window of another width breaks the lines elsewhere
  useEffect(() => {
    const around = text.current?.parentElement;
    if (!around) return;
    const { ResizeObserver } = around.ownerDocument.defaultView ?? window;
    const observer = new ResizeObserver(() => {
      tallest.current.height = 0;
      if (spacer.current) spacer.current.style.height = '';
    });
    observer.observe(around);
    return () => observer.disconnect();
  }, []);
  // behind the spacer's effects, since the spacer moves the end
  const { box, follows, onScroll, goToEnd } = useFollowedEnd(layout);

  const paragraphs = paragraphsOf(captions);
  const last = paragraphs.length - 1;
  return (
    <div className={`relative flex min-h-0 flex-1 flex-col ${lines > 0 ? 'justify-end' : ''}`}>
      <section
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too
        tabIndex={0}
        aria-label={t('liveCaptions')}
        aria-live="polite"
        className={`overflow-y-auto overscroll-contain px-4 [overflow-wrap:anywhere] [scrollbar-width:thin] sm:px-6 ${lines > 0 ? 'max-h-full shrink-0' : 'flex-1 py-3'}`}
        style={{
          fontSize: `${remOf(size)}rem`,
          lineHeight: LINE_HEIGHT,
          ...(lines > 0 && { height: `${lines * LINE_HEIGHT}em` }),
        }}
        onScroll={onScroll}
      >
        <div ref={text}>
          {last < 0 && <p>{empty}</p>}
          {paragraphs.map((paragraph, at) => {
            const look = { isSpaced: lines === 0 && at > 0, language: captions.language };
            return at < last - 1 && paragraph.unsure.length === 0 ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs are only added
              <OldParagraph key={at} {...look} {...textsOf(paragraph)} />
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs are only added
              <NewParagraph key={at} {...look} paragraph={paragraph} />
            );
          })}
        </div>
        <div ref={spacer} />
      </section>
      {!follows && <JumpToEnd label={t('backToNow')} onPress={goToEnd} />}
    </div>
  );
}

interface ParagraphLook {
  isSpaced: boolean;
  /** BCP 47. */
  language: string | null;
}

function textsOf({ speaker, final }: CaptionParagraph): { speaker: string | null; text: string } {
  return { speaker, text: final.join(' ') };
}

function attributesOf(texts: readonly string[], { isSpaced, language }: ParagraphLook) {
  const dir = directionOfText([...texts], language ?? '');
  const isThatLanguage = language !== null && directionOfLanguage(language) === dir;
  return {
    dir,
    ...(isThatLanguage && { lang: language }),
    className: isSpaced ? 'mt-[0.4em]' : '',
  };
}

/** Plain text, drawn once: three hours have thirty thousand words. */
const OldParagraph = memo(function OldParagraph({
  text,
  speaker,
  ...look
}: ParagraphLook & { text: string; speaker: string | null }) {
  return (
    <p {...attributesOf([text], look)}>
      <Speaker name={speaker} />
      {text}
    </p>
  );
});

/** Word by word, so that new words alone are read aloud. */
function NewParagraph({
  paragraph: { speaker, final, unsure },
  ...look
}: ParagraphLook & { paragraph: CaptionParagraph }) {
  return (
    <p {...attributesOf([...final, ...unsure], look)}>
      <Speaker name={speaker} />
      <Words words={final} />
      {unsure.length > 0 && (
        // what may still change is not read aloud: it would never come to an end
        <span
          data-unsure
          title={t('unsure')}
          aria-live="off"
          className="italic underline decoration-dotted decoration-from-font underline-offset-[0.25em]"
        >
          <Words words={unsure} />
        </span>
      )}
    </p>
  );
}

function Words({ words }: { words: readonly string[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: words are only added
  return words.map((word, at) => <Word key={at} text={word} />);
}

const Word = memo(function Word({ text }: { text: string }) {
  return <span>{`${text} `}</span>;
});

function Speaker({ name }: { name: string | null }) {
  return name === null ? null : <strong>{`${t('speaker', { name })} `}</strong>;
}
