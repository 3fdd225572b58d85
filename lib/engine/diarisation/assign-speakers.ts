import type { SpeakerTurn } from './types';

/** A word's place in the recording. */
export interface TimedWord {
  startMs: number;
  endMs: number;
}

/** Words [from, to) of a segment that one speaker says. */
export interface SpeakerRun {
  /** `null`: nobody was found to speak in the whole recording. */
  speaker: number | null;
  from: number;
  to: number;
}

/**
 * Who says each word: the speaker whose turns overlap most of it; of equals the one who speaks already,
 * and where nobody speaks, the one who is closest in time. Changes of speaker lie between words.
 * @param segments words of each segment, all in the order of their starts
 * @returns for each segment its runs, which are all of its words, in order
 */
export function assignSpeakers(
  segments: readonly (readonly TimedWord[])[],
  turns: readonly SpeakerTurn[],
): SpeakerRun[][] {
  const ordered = [...turns].sort((a, b) => a.startMs - b.startMs);
  /** The last end of this turn and those before it. */
  const ends: number[] = [];
  for (const { endMs } of ordered) ends.push(Math.max(endMs, ends.at(-1) ?? 0));
  let speaking: number | null = null;
  return segments.map((words) => {
    const runs: SpeakerRun[] = [];
    for (const [at, word] of words.entries()) {
      speaking = speakerOf(word, ordered, ends, speaking);
      const run = runs.at(-1);
      if (run?.speaker === speaking) run.to = at + 1;
      else runs.push({ speaker: speaking, from: at, to: at + 1 });
    }
    return runs;
  });
}

function speakerOf(
  { startMs, endMs }: TimedWord,
  turns: readonly SpeakerTurn[],
  ends: readonly number[],
  before: number | null,
): number | null {
  const overlaps = new Map<number, number>();
  // turns that end before the word do not matter, nor do those after the first that begins after it
  let at = firstAfter(ends, startMs);
  const previous = turns[at - 1];
  for (; at < turns.length; at++) {
    const turn = turns[at];
    if (!turn || turn.startMs >= endMs) break;
    const overlap = Math.min(turn.endMs, endMs) - Math.max(turn.startMs, startMs);
    if (overlap > 0) overlaps.set(turn.speaker, (overlaps.get(turn.speaker) ?? 0) + overlap);
  }
  if (overlaps.size === 0) return closest(startMs, endMs, previous, turns, at);
  const most = Math.max(...overlaps.values());
  if (before !== null && overlaps.get(before) === most) return before;
  for (const [speaker, overlap] of overlaps) if (overlap === most) return speaker;
  return before;
}

function closest(
  startMs: number,
  endMs: number,
  previous: SpeakerTurn | undefined,
  turns: readonly SpeakerTurn[],
  next: number,
): number | null {
  const following = turns[next];
  if (!previous) return following?.speaker ?? null;
  if (!following) return previous.speaker;
  const sinceMs = startMs - previous.endMs;
  return following.startMs - endMs < sinceMs ? following.speaker : previous.speaker;
}

/** Index of the first end after this time. @param ends rising */
function firstAfter(ends: readonly number[], ms: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}
