'use client';

import { Check, ChevronDown, ChevronUp, ListChecks, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { Button, formatNumber, formatPercent, IconButton, Select } from '@/app/_features/ui';
import type { SegmentRecord } from '@/lib/client/store';
import { useReader, useTools } from '../context';
import { useBar } from '../focus-back';
import { t } from '../messages';
import { hasSound, type Playback } from '../playback';
import { type Doubt, isAt, resolveDoubts, stepReview, wordsLike } from './doubts';

/** How much of the sound around a word is played, in ms on either side. */
const AROUND_MS = 1_000;

/** Opens the review, and says how much there is to check. */
export function ReviewButton() {
  const tools = useTools();
  const count = useStore(tools.doubts.store, ({ doubts }) => doubts?.length ?? 0);
  const isOpen = useReader(({ review }) => review !== null);
  if (!tools.editor || count === 0) return null;
  return (
    <Button
      icon={<ListChecks aria-hidden size={16} />}
      aria-pressed={isOpen}
      className="max-sm:px-2"
      onClick={() => (isOpen ? tools.reader.setState({ review: null }) : stepReview(tools, 1))}
    >
      <span className="max-sm:sr-only">{t('toCheck', { count })}</span>
      <span aria-hidden className="tabular-nums sm:hidden">
        {formatNumber(count)}
      </span>
    </Button>
  );
}

/** Looks for doubtful words while nothing else is to be done, and walks through them. */
export function ReviewBar({ segments }: { segments: readonly SegmentRecord[] }) {
  const { doubts, editor } = useTools();
  const review = useReader((state) => state.review);
  useEffect(() => {
    if (!editor) return;
    const look = () => {
      doubts
        .look(segments)
        .catch((error: unknown) => console.warn('Doubtful words were not looked for', error));
    };
    // Safari has no idle callbacks
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(look, 200);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(look, { timeout: 2_000 });
    return () => cancelIdleCallback(idle);
  }, [doubts, editor, segments]);
  return review && editor && <Walk />;
}

function Walk() {
  const tools = useTools();
  const { doubts, reader } = tools;
  const review = useReader((state) => state.review);
  const { doubts: all, order } = useStore(doubts.store);
  // the word stays on the bar while the changed rows are being checked
  const doubt = all?.find((one) => isAt(review, one));
  const walked = doubts.walk();
  const close = () => reader.setState({ review: null });
  const onKeyDown = useBar(close);
  return (
    <section
      aria-label={t('review')}
      onKeyDown={onKeyDown}
      className="space-y-1 rounded-xl border border-line bg-surface p-1.5 shadow-raised sm:space-y-2 sm:p-3"
    >
      <div className="flex items-center gap-1">
        <p
          role="status"
          className="flex-1 whitespace-nowrap ps-1.5 text-muted text-sm tabular-nums sm:ps-0"
        >
          {doubt
            ? t('checkOf', { at: walked.indexOf(doubt) + 1, count: walked.length })
            : // its word was changed or deleted in the text, and others are left
              walked.length > 0
              ? t('toCheck', { count: walked.length })
              : t('allChecked')}
        </p>
        <Select
          aria-label={t('checkOrder')}
          value={order}
          onChange={({ target }) =>
            doubts.store.setState({ order: target.value === 'time' ? 'time' : 'confidence' })
          }
          className="min-w-0 max-w-44 px-1 text-sm sm:px-2"
        >
          <option value="confidence">{t('order.confidence')}</option>
          <option value="time">{t('order.time')}</option>
        </Select>
        <IconButton
          label={t('shortcut.previousDoubt')}
          className="max-sm:w-8"
          onClick={() => stepReview(tools, -1)}
        >
          <ChevronUp aria-hidden size={18} />
        </IconButton>
        <IconButton
          label={t('shortcut.nextDoubt')}
          className="max-sm:w-8"
          onClick={() => stepReview(tools, 1)}
        >
          <ChevronDown aria-hidden size={18} />
        </IconButton>
        <IconButton label={t('closeReview')} className="max-sm:w-8" onClick={close}>
          <X aria-hidden size={18} />
        </IconButton>
      </div>
      {doubt && <OneDoubt key={`${doubt.rowId} ${doubt.word.startMs}`} doubt={doubt} />}
    </section>
  );
}

function OneDoubt({ doubt }: { doubt: Doubt }) {
  const tools = useTools();
  const { playback } = tools;
  const { word } = doubt;
  const [text, setText] = useState(word.text);
  const [isForAll, setForAll] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const like = wordsLike(tools, doubt);
  const choices = [word.text, ...(word.alternatives ?? [])];
  /** Puts what else the word may be into the field, one after the other and round again. */
  const choose = (step: 1 | -1) => {
    const at = Math.max(0, choices.indexOf(text)) + step + choices.length;
    setText(choices[at % choices.length] ?? text);
  };

  const { startMs, endMs } = word;
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.select();
    return loopAround(playback, startMs - AROUND_MS, endMs + AROUND_MS);
  }, [playback, startMs, endMs]);

  const resolve = (wanted: string) => void resolveDoubts(tools, isForAll ? like : [doubt], wanted);
  return (
    <form
      className="flex flex-wrap items-center gap-1.5 sm:gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        resolve(text);
      }}
    >
      <input
        ref={field}
        aria-label={t('whatWasSaid')}
        dir="auto"
        value={text}
        className="min-h-10 min-w-32 flex-1 rounded-lg border border-line bg-bg px-3 font-serif text-lg"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          const { key, nativeEvent, altKey, ctrlKey, metaKey, shiftKey } = event;
          if (nativeEvent.isComposing || altKey || ctrlKey || metaKey || shiftKey) return;
          if (key === 'ArrowDown') choose(1);
          else if (key === 'ArrowUp') choose(-1);
          else return;
          event.preventDefault();
        }}
      />
      <span className="text-muted text-sm tabular-nums">
        {t('sureness', { percent: formatPercent(Math.round(word.confidence * 100)) })}
      </span>
      <Button type="submit" tone="primary" icon={<Check aria-hidden size={16} />}>
        {text === word.text ? t('accept') : t('correct')}
      </Button>
      {word.alternatives && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend to be seen
        <div
          role="group"
          aria-label={t('orWasIt')}
          className="flex flex-wrap items-center gap-1.5 sm:gap-2"
        >
          <span aria-hidden className="text-muted text-sm">
            {t('orWasIt')}
          </span>
          {word.alternatives.map((alternative) => (
            <Button key={alternative} dir="auto" onClick={() => resolve(alternative)}>
              {alternative}
            </Button>
          ))}
        </div>
      )}
      {like.length > 1 && (
        <label className="inline-flex min-h-10 items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-(--accent)"
            checked={isForAll}
            onChange={(event) => setForAll(event.target.checked)}
          />
          {t('allLikeThis', { count: like.length })}
        </label>
      )}
    </form>
  );
}

/** Plays a part again and again. @returns ends it, and the sound with it if it began it */
function loopAround(playback: Playback, fromMs: number, toMs: number): () => void {
  const from = Math.max(0, fromMs);
  if (!hasSound(playback.store.getState())) return () => undefined;
  const { loop } = playback.store.getState();
  playback.setLoop({ fromMs: from, toMs });
  playback.seek(from, { play: true });
  return () => {
    // what was selected before is repeated again
    playback.setLoop(loop);
    playback.hold(false);
  };
}
