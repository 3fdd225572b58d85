// Live words as shown on the page, and how late they were.
import type { TimedWord } from '../wer/word-scores';

/** A word of the live text, with times of the recording and of the page's clock. */
interface LiveWord extends TimedWord {
  shownAtMs: number;
  finalAtMs: number;
}

/** The live text that was observed. */
export interface LiveWords {
  /** Final words, in order. */
  words: LiveWord[];
  /** How many words were shown, right or wrong. */
  shown: number;
  spanMs: number;
  /**
   * Start of the recording by the page's clock, as estimated in each span. The estimate shifts where audio was lost:
   * the recording is then shorter than the time it took.
   */
  startsAtMs: (number | undefined)[];
}

declare global {
  /** In the page, once `watchWords` has run there. */
  var liveWords: () => LiveWords;
}

/** Runs in the page: records when each word of the live text first appears, and when it is final. */
export function watchWords(): void {
  /** By position in the recording, which changes less than the words. */
  const finalWords = new Map<number, LiveWord>();
  /** Words shown first at about this place with this text. */
  const shown: (TimedWord & { atMs: number })[] = [];
  const startsAtMs: (number | undefined)[] = [];
  const SPAN_MS = 5000;
  const NEAR_MS = 400;
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}']/gu, '');
  /** Elements of final words that have been processed: doing so again would cost more than what is measured. */
  const done = new WeakSet<Element>();
  const lookAtClock = (nowMs: number) => {
    const clock = document.querySelector('[data-elapsed-ms]');
    const elapsedMs = Number(clock?.getAttribute('data-elapsed-ms') ?? 0);
    // messages may be late but never early: the earliest estimate is the most accurate
    const span = Math.floor(elapsedMs / SPAN_MS);
    if (elapsedMs > 0) startsAtMs[span] = Math.min(startsAtMs[span] ?? Infinity, nowMs - elapsedMs);
  };
  const lookAtWords = (nowMs: number) => {
    for (const span of document.querySelectorAll('[data-end-ms]')) {
      if (done.has(span)) continue;
      const word = {
        text: plain(span.textContent ?? ''),
        startMs: Number(span.getAttribute('data-start-ms')),
        endMs: Number(span.getAttribute('data-end-ms')),
      };
      if (word.text === '') continue;
      let first = shown.findLast(
        (one) => one.text === word.text && Math.abs(one.startMs - word.startMs) < NEAR_MS,
      );
      if (!first) {
        first = { ...word, atMs: nowMs };
        shown.push(first);
      }
      if (span.closest('[data-partial]')) continue;
      done.add(span);
      if (!finalWords.has(word.startMs))
        finalWords.set(word.startMs, { ...word, shownAtMs: first.atMs, finalAtMs: nowMs });
    }
  };
  const look = (changes: readonly MutationRecord[]) => {
    const nowMs = performance.now();
    lookAtClock(nowMs);
    if (changes.some(({ attributeName }) => attributeName !== 'data-elapsed-ms'))
      lookAtWords(nowMs);
  };
  new MutationObserver(look).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ['data-elapsed-ms', 'data-end-ms'],
  });
  globalThis.liveWords = () => ({
    words: [...finalWords.values()].sort((a, b) => a.startMs - b.startMs),
    shown: shown.length,
    spanMs: SPAN_MS,
    startsAtMs,
  });
}

/** Pairs of equal words in both lists, in order: the longest common subsequence. */
function commonWords<L extends TimedWord, R extends TimedWord>(
  left: readonly L[],
  right: readonly R[],
): { live: L; word: R }[] {
  const columns = right.length + 1;
  /** Of what is left from row and column on. */
  const best = new Uint32Array((left.length + 1) * columns);
  const bestAt = (row: number, column: number) => best[row * columns + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--)
    for (let column = right.length - 1; column >= 0; column--)
      best[row * columns + column] =
        left[row]?.text === right[column]?.text
          ? bestAt(row + 1, column + 1) + 1
          : Math.max(bestAt(row + 1, column), bestAt(row, column + 1));
  const pairs: { live: L; word: R }[] = [];
  let [row, column] = [0, 0];
  for (;;) {
    const [live, word] = [left[row], right[column]];
    if (!live || !word) return pairs;
    if (live.text === word.text) {
      pairs.push({ live, word });
      row += 1;
      column += 1;
    } else if (bestAt(row + 1, column) >= bestAt(row, column + 1)) row += 1;
    else column += 1;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** How late live words were, and how right. */
export interface Lateness {
  /** Delays of all words, sorted: until final, and until first shown. */
  finalMs: number[];
  partialMs: number[];
  /** Of the final words, how many the live text had. */
  share: number;
  /** Of the final words, how many changed nothing. */
  agreed: number;
}

/**
 * How late each live word was, compared with the end of that word in the final pass. Recorder and live text start at
 * slightly different times; the offset is determined from the words themselves.
 */
export function matchWords(
  { words, startsAtMs, spanMs, shown }: LiveWords,
  final: readonly TimedWord[],
): Lateness {
  const plain = final.map(({ text, startMs, endMs }) => ({
    text: text.toLowerCase().replace(/[^\p{L}\p{N}']/gu, ''),
    startMs,
    endMs,
  }));
  const lastMs = words.at(-1)?.endMs ?? 0;
  const said = plain.filter(({ endMs }) => endMs <= lastMs);
  const pairs = commonWords(words, said);
  const offsetMs = median(pairs.map(({ live, word }) => live.startMs - word.startMs));
  // the same word at another place is not a match
  const near = pairs.filter(
    ({ live, word }) => Math.abs(live.startMs - word.startMs - offsetMs) < 500,
  );
  // the neighbouring spans too, since all messages within one span may have been late
  const startAtMs = (ms: number) => {
    const at = Math.floor(ms / spanMs);
    const around = startsAtMs.slice(Math.max(0, at - 1), at + 2);
    return Math.min(...around.filter((start) => typeof start === 'number'));
  };
  const late = (atMs: number, word: TimedWord) => {
    const endMs = word.endMs + offsetMs;
    return atMs - (startAtMs(endMs) + endMs);
  };
  const sorted = (values: number[]) => values.sort((a, b) => a - b);
  return {
    finalMs: sorted(near.map(({ live, word }) => late(live.finalAtMs, word))),
    partialMs: sorted(near.map(({ live, word }) => late(live.shownAtMs, word))),
    share: near.length / Math.max(1, said.length),
    agreed: words.length / Math.max(1, shown),
  };
}
