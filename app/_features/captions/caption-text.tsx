'use client';

import { memo, useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { z } from 'zod';
import { createStore } from 'zustand/vanilla';
import { JumpToEnd, useFollowedEnd } from '@/app/_features/ui';
import { type CaptionParagraph, type Captions, paragraphsOf } from '@/lib/client/captions';
import { directionOfLanguage, directionOfText, keepChoice } from '@/lib/core';
import { t } from './messages';

/** Sizes of the text, in rem. */
const SIZES = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6.5, 8] as const;

export const COLOURS = ['system', 'light', 'dark', 'yellow'] as const;

/** Choices for the number of lines; 0: as many as fit. */
export const LINES = [0, 1, 2, 3, 4, 6, 8] as const;

const lookSchema = z.object({
  size: z
    .int()
    .min(0)
    .max(SIZES.length - 1),
  colours: z.enum(COLOURS),
  lines: z.union(LINES.map((count) => z.literal(count))),
});

/** How captions look on this device. */
export type CaptionLook = z.infer<typeof lookSchema>;

const KEY = 'ai2text:captions';
const USUAL: CaptionLook = { size: 3, colours: 'system', lines: 0 };

const lookStore = createStore<CaptionLook>(() => USUAL);

/** Any stored value to a look. */
export function parseLook(value: string | null): CaptionLook {
  try {
    return lookSchema.parse(JSON.parse(value ?? 'null'));
  } catch {
    return USUAL; // nothing was chosen yet, or not by this version
  }
}

/** Reads what was chosen before, also in another window. */
export function loadLook(): void {
  try {
    lookStore.setState(parseLook(localStorage.getItem(KEY)));
  } catch {
    // storage is switched off in this browser: the usual look
  }
}

/** Changes the look, and stores it for later. */
export function chooseLook(change: Partial<CaptionLook>): void {
  lookStore.setState(change);
  keepChoice(KEY, JSON.stringify(lookStore.getState()));
}

/** Makes the text larger (1) or smaller (-1), as far as it goes. */
export function stepSize(step: 1 | -1): void {
  const { size } = lookStore.getState();
  if (canStep(size, step)) chooseLook({ size: size + step });
}

/** Whether there is another size in that direction. */
export function canStep(size: number, step: 1 | -1): boolean {
  return SIZES[size + step] !== undefined;
}

/** A size in rem. */
function remOf(size: number): number {
  return SIZES[size] ?? SIZES[USUAL.size] ?? 1;
}

/** How captions look now. */
export function useLook(): CaptionLook {
  return useSyncExternalStore(
    lookStore.subscribe,
    () => lookStore.getState(),
    () => USUAL,
  );
}

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
