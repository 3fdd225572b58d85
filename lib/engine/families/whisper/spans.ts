import type { RecognisedWord } from '@/lib/engine';
import { type Slot, slotAt, type Window } from '@/lib/engine/alignment';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** One step of Whisper's times, and one frame of its encoder. */
export const STEP_SAMPLES = SAMPLE_RATE_HZ / 50;

/** Text between two times. */
export interface TimedSpan {
  /** Indices among the row's tokens, both inclusive; times are not among them. */
  firstToken: number;
  lastToken: number;
  /** In samples of the window; `startSample < endSample`. */
  startSample: number;
  endSample: number;
}

/**
 * The parts of a window's text between its times: `<|0.00|> one<|1.20|><|1.40|> two<|2.00|>`.
 * Where a time is missing, or goes back, the span reaches to what is known on that side. What
 * begins after the window's audio stays there; nothing else reaches after it.
 * @param firstTimeId id of `<|0.00|>`
 * @param samples the window's length, at least one step
 */
export function timedSpans(
  tokens: readonly number[],
  firstTimeId: number,
  samples: number,
): TimedSpan[] {
  const spans: TimedSpan[] = [];
  let open: { firstToken: number; startSample: number } | null = null;
  let reached = 0;
  const close = (lastToken: number, endSample: number) => {
    if (!open) return;
    const { startSample } = open;
    const end = startSample < samples ? Math.min(endSample, samples) : endSample;
    const known = end > startSample ? end : Math.max(samples, startSample + STEP_SAMPLES);
    spans.push({ ...open, endSample: known, lastToken });
    open = null;
  };
  for (const [at, token] of tokens.entries()) {
    if (token < firstTimeId) {
      open ??= { firstToken: at, startSample: reached };
      continue;
    }
    reached = (token - firstTimeId) * STEP_SAMPLES;
    close(at - 1, reached);
  }
  close(tokens.length - 1, samples);
  return spans;
}

/**
 * How far outside all segments a word may be timed and still be kept: Whisper's times are no
 * better than this. Beyond it there was silence, and the word is made up.
 */
const TOLERANCE_SAMPLES = 3200;

/**
 * Gives a window's words back to the segments they were said in, with times in samples of the
 * segment: in order, inside it, not overlapping, none empty. What was recognised in the silence between
 * segments or after the last is left out.
 * @param words in order, times in samples of the window
 * @returns words by the segment's index
 */
export function wordsBySegment(
  window: Window,
  words: readonly RecognisedWord[],
): Map<number, RecognisedWord[]> {
  const bySegment = new Map<number, RecognisedWord[]>();
  let earliest = window.segments[0];
  for (const word of words) {
    const slot = slotOf(window, word);
    if (!slot || !earliest) continue;
    // words keep their order whatever their times say
    if (slot.startSample > earliest.startSample) earliest = slot;
    const own = bySegment.get(earliest.index) ?? [];
    own.push(word);
    bySegment.set(earliest.index, own);
  }
  for (const slot of window.segments) {
    const own = bySegment.get(slot.index);
    if (own) bySegment.set(slot.index, placeInSlot(own, slot));
  }
  return bySegment;
}

/** The slot that most of the word lies in; `null` when it lies outside all. */
function slotOf(window: Window, { startSample, endSample }: RecognisedWord): Slot | null {
  const slot = window.segments.reduce<{ slot: Slot; overlap: number } | null>((best, slot) => {
    const overlap = Math.min(endSample, slot.endSample) - Math.max(startSample, slot.startSample);
    return overlap > (best?.overlap ?? 0) ? { slot, overlap } : best;
  }, null);
  if (slot) return slot.slot;
  const nearest = slotAt(window, (startSample + endSample) / 2);
  const away = Math.max(nearest.startSample - endSample, startSample - nearest.endSample);
  return away <= TOLERANCE_SAMPLES ? nearest : null;
}

/** Moves words by as little as it takes to make them lie in the slot, one after the other. */
function placeInSlot(words: readonly RecognisedWord[], slot: Slot): RecognisedWord[] {
  const samples = slot.endSample - slot.startSample;
  const least = Math.max(1, Math.min(STEP_SAMPLES, Math.floor(samples / words.length)));
  const placed: RecognisedWord[] = [];
  let from = 0;
  for (const [at, word] of words.entries()) {
    // room is left for every word after
    const last = samples - least * (words.length - at);
    const start = clamp(word.startSample - slot.startSample, from, last);
    const end = clamp(word.endSample - slot.startSample, start + least, last + least);
    placed.push({ ...word, startSample: start, endSample: end });
    from = end;
  }
  return placed;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(Math.round(value), least), Math.max(least, most));
}
