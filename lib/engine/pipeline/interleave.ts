import { assert, joinWords } from '@/lib/core';
import type { TranscriptSegment, Word } from '@/lib/transcript';

/**
 * In mid-speech, the current speaker's next word goes first even if it begins up to this much later, in ms,
 * than another speaker's: who is interrupted at the end of a sentence finishes it in one piece.
 */
const GIVE_MS = 300;

/** Words of one speech segment of one track that are not in the transcript yet. */
export interface TrackSpeech {
  track: number;
  startMs: number;
  endMs: number;
  words: Word[];
  /** Words in front of these are in the transcript. */
  isCut?: true;
}

/** Where the transcript of several tracks stands between two batches. Plain JSON: it is stored. */
export interface Interleaving {
  /** In order, for each track. */
  waiting: TrackSpeech[];
  /** The track of the last segment; `null`: there is none. */
  track: number | null;
  /** Where the last segment ends. */
  endMs: number;
  /** Where its last word begins; -1: there is none. */
  wordMs: number;
}

export const NOTHING_SAID: Interleaving = { waiting: [], track: null, endMs: 0, wordMs: -1 };

/** A segment of the transcript without its id, which follows from its place. */
export type PlacedSegment = Omit<TranscriptSegment, 'id'> & { track: number };

/** A word that has its place, and the speech that it is of. */
interface Placed {
  speech: TrackSpeech;
  at: number;
  startMs: number;
}

/**
 * Puts the speech of several tracks into one order without overlaps: who speaks first comes first, and who is
 * interrupted continues in a segment of their own. Words keep their times; where two speak at once, a word
 * ends where the next one begins, and a word that waits for the end of another speaker's sentence begins up to
 * `GIVE_MS` later. What comes out does not depend on how the speech is divided into calls.
 * @param speech what was recognised; of each track in order, after what was given before
 * @param untilMs all speech of any track that begins earlier has been given; infinite: there is no more
 * @returns segments that will not change, and what is to be handed to the next call
 */
export function interleave(
  before: Interleaving,
  speech: readonly TrackSpeech[],
  untilMs: number,
): { segments: PlacedSegment[]; after: Interleaving } {
  const queues = new Map<number, { speech: TrackSpeech; at: number }[]>();
  for (const one of [...before.waiting, ...speech]) {
    if (one.words.length === 0) continue;
    const queue = queues.get(one.track) ?? [];
    queue.push(...one.words.map((_, at) => ({ speech: one, at })));
    queues.set(one.track, queue);
  }
  const cursors = new Map([...queues.keys()].map((track) => [track, 0]));
  const headOf = (track: number) => queues.get(track)?.[cursors.get(track) ?? 0];

  const segments: PlacedSegment[] = [];
  let state = before;
  let { track, wordMs } = before;
  let open: Placed[] = [];
  const close = (nextMs: number) => {
    const made = segmentOf(open, state.endMs, nextMs);
    segments.push(made);
    const last = made.words.at(-1);
    state = { ...state, track: made.track, endMs: made.endMs, wordMs: last?.startMs ?? -1 };
    open = [];
  };
  for (;;) {
    const heads = [...queues.keys()].flatMap((one) => {
      const head = headOf(one);
      return head ? [{ ...head, startMs: startOf(head) }] : [];
    });
    const next = nextWord(heads, track, untilMs);
    if (!next) break;
    const startMs = Math.max(next.startMs, wordMs + 1);
    if (open.length > 0 && open[0]?.speech !== next.speech) close(startMs);
    open.push({ speech: next.speech, at: next.at, startMs });
    track = next.speech.track;
    wordMs = startMs;
    cursors.set(track, (cursors.get(track) ?? 0) + 1);
  }
  const last = open.at(-1);
  const first = open[0];
  // nothing that follows can begin before the last word ends
  const left = [...queues.keys()].flatMap((one) => headOf(one) ?? []);
  const soonestMs = Math.min(untilMs, ...left.map(startOf));
  if (last && isLast(last) && soonestMs >= naturalEndMs(last)) close(soonestMs);
  else if (first)
    // undecided: the next call decides again, from the same state
    cursors.set(first.speech.track, (cursors.get(first.speech.track) ?? 0) - open.length);
  return { segments, after: { ...state, waiting: waitingOf(queues, cursors) } };
}

const startOf = ({ speech, at }: { speech: TrackSpeech; at: number }) =>
  speech.words[at]?.startMs ?? speech.startMs;

const isLast = ({ speech, at }: Placed) => at === speech.words.length - 1;

const naturalEndMs = (last: Placed) =>
  isLast(last) ? last.speech.endMs : (last.speech.words[last.at]?.endMs ?? 0);

interface Head {
  speech: TrackSpeech;
  at: number;
  startMs: number;
}

/** The word that comes next, or `null` where that depends on speech that is not known yet. */
function nextWord(heads: readonly Head[], track: number | null, untilMs: number): Head | null {
  const own = heads.find(({ speech }) => speech.track === track);
  const others = heads.filter((head) => head !== own);
  const other = others.reduce<Head | null>(
    (first, head) => (first === null || isBefore(head, first) ? head : first),
    null,
  );
  const otherMs = other ? Math.min(other.startMs, untilMs) : untilMs;
  if (own) {
    const giveMs = own.at > 0 || own.speech.isCut ? GIVE_MS : 0;
    if (own.startMs <= otherMs + giveMs) return own;
  }
  return other && other.startMs < untilMs ? other : null;
}

const isBefore = (one: Head, other: Head) =>
  one.startMs < other.startMs ||
  (one.startMs === other.startMs && one.speech.track < other.speech.track);

/** @param nextMs where the next segment's first word begins, at the earliest */
function segmentOf(placed: readonly Placed[], floorMs: number, nextMs: number): PlacedSegment {
  const [first] = placed;
  const last = placed.at(-1);
  assert(first && last, 'a segment has words');
  const { speech } = first;
  const naturalMs = first.at === 0 ? speech.startMs : first.startMs;
  const startMs = Math.min(Math.max(naturalMs, floorMs), first.startMs);
  const endMs = Math.max(Math.min(naturalEndMs(last), nextMs), last.startMs + 1);
  const words = placed.map(({ at, startMs: wordStartMs }, index): Word => {
    const boundMs = placed[index + 1]?.startMs ?? endMs;
    const word = speech.words[at];
    assert(word, 'a placed word is one of its speech');
    const wordEndMs = Math.min(Math.max(word.endMs, wordStartMs + 1), boundMs);
    return { ...word, startMs: wordStartMs, endMs: wordEndMs };
  });
  const text = joinWords(words.map((word) => word.text));
  return { track: speech.track, startMs, endMs, speakerId: null, text, edited: false, words };
}

function waitingOf(
  queues: ReadonlyMap<number, { speech: TrackSpeech; at: number }[]>,
  cursors: ReadonlyMap<number, number>,
): TrackSpeech[] {
  const waiting: TrackSpeech[] = [];
  for (const [track, queue] of [...queues].sort(([a], [b]) => a - b)) {
    const left = queue.slice(cursors.get(track) ?? 0);
    let before: TrackSpeech | null = null;
    for (const { speech, at } of left) {
      if (speech === before) continue;
      before = speech;
      const words = speech.words.slice(at);
      const startMs = words[0]?.startMs ?? speech.startMs;
      waiting.push(at === 0 ? speech : { ...speech, startMs, words, isCut: true });
    }
  }
  return waiting;
}
