import { alignTexts, foldedWord } from './align-texts';
import type { Word } from './types';

/** New words get at least this much time each where the sound around them has room, in ms. */
const ROOM_MS = 60;

/** Words that share a span of time by their length. */
interface Group {
  texts: string[];
  confidences: number[];
  startMs: number;
  endMs: number;
  /** Room the words need, in ms. */
  needMs: number;
  /** Times are given: the words keep them unless a neighbour has none. */
  kept: Word[] | null;
}

/**
 * Gives the words of a corrected text their times. Words that an edit did not touch keep theirs, and so
 * does a word that replaces one other; words that replace several share their span by their length, and
 * added ones take the pause they stand in, or else a part of the words beside them.
 * @param old the words before, in order, inside the span
 * @param texts the words now
 * @param span where all of them lie
 * @returns words in order, not overlapping, at least 1 ms each; `null`: there are more of them than milliseconds
 */
export function retime(
  old: readonly Word[],
  texts: readonly string[],
  span: { startMs: number; endMs: number },
): Word[] | null {
  if (texts.length === 0) return [];
  if (span.endMs - span.startMs < texts.length) return null;
  const groups: Group[] = [];
  const keep = (word: Word, text: string) =>
    groups.push({
      texts: [text],
      confidences: [text === word.text ? word.confidence : 1],
      startMs: word.startMs,
      endMs: word.endMs,
      needMs: 1,
      kept: [{ ...word, text, confidence: text === word.text ? word.confidence : 1 }],
    });
  const oldTexts = old.map(({ text }) => text);
  for (const run of alignTexts(oldTexts, texts, foldedWord)) {
    const before = old.slice(run.oldFrom, run.oldTo);
    const after = texts.slice(run.newFrom, run.newTo);
    if (after.length === 0) continue;
    if (run.isSame || before.length === after.length) {
      before.forEach((word, at) => {
        keep(word, after[at] ?? word.text);
      });
      continue;
    }
    const isAdded = before.length === 0;
    groups.push({
      texts: [...after],
      confidences: after.map(() => 1),
      startMs: before[0]?.startMs ?? old[run.oldFrom - 1]?.endMs ?? span.startMs,
      endMs: before.at(-1)?.endMs ?? old[run.oldTo]?.startMs ?? span.endMs,
      needMs: isAdded ? after.length * ROOM_MS : after.length,
      kept: null,
    });
  }
  return makeRoom(groups, span).flatMap(share);
}

/** Joins a group that has too little time with a neighbour until every group has enough. */
function makeRoom(groups: Group[], span: { startMs: number; endMs: number }): Group[] {
  const done = [...groups];
  for (;;) {
    const tight = done.findIndex(({ startMs, endMs, needMs }) => endMs - startMs < needMs);
    if (tight < 0) return done;
    const [before, group, after] = [done[tight - 1], done[tight], done[tight + 1]];
    if (!group) return done;
    if (!before && !after) {
      // alone: all of the span is its own
      done[tight] = { ...group, ...span, needMs: 0 };
    } else if (before && (!after || roomOf(before) >= roomOf(after)))
      done.splice(tight - 1, 2, joined(before, group));
    else if (after) done.splice(tight, 2, joined(group, after));
  }
}

const roomOf = ({ startMs, endMs, needMs }: Group) => endMs - startMs - needMs;

function joined(first: Group, second: Group): Group {
  const texts = [...first.texts, ...second.texts];
  return {
    texts,
    confidences: [...first.confidences, ...second.confidences],
    startMs: Math.min(first.startMs, second.startMs),
    endMs: Math.max(first.endMs, second.endMs),
    // a pause that is too short for new words is enough with the word beside it
    needMs: texts.length,
    kept: null,
  };
}

/** Shares a group's time among its words by their length; every word gets 1 ms at least. */
function share({ texts, confidences, startMs, endMs, kept }: Group): Word[] {
  if (kept) return kept;
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  const free = endMs - startMs - texts.length;
  let letters = 0;
  return texts.map((text, at) => {
    const fromMs = startMs + at + Math.round((free * letters) / Math.max(1, total));
    letters += text.length;
    const toMs = startMs + at + 1 + Math.round((free * letters) / Math.max(1, total));
    return { text, startMs: fromMs, endMs: toMs, confidence: confidences[at] ?? 1 };
  });
}
