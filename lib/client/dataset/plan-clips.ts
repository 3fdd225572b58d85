import { CLIP_SAMPLES, MAX_ENTRY_CHARS } from '@/lib/contracts';
import { joinWords } from '@/lib/core';
import { type MediaInfo, SAMPLES_PER_MS } from '@/lib/engine/audio';
import { type Row, type Word, wordsOf } from '@/lib/transcript';

/** A clip as it is contributed: mono FLAC, 16 kHz, 16 bits. */
export interface Clip {
  bytes: Uint8Array<ArrayBuffer>;
  /** Hash of `bytes`, in hexadecimal; also the clip's name. */
  sha256: string;
  /** How many samples it has. */
  samples: number;
}

/** A recording that clips are cut from. */
export interface ClipSource {
  media: Blob;
  /** Index of the audio track; `null`: the one that players take. */
  track: number | null;
  /** What decoded it for the transcript: where one decoder has failed, the other is used. */
  decoder: MediaInfo['decoder'] | null;
}

/** An open recording. Only the spans asked for are decoded. */
export interface OpenClipSource {
  /**
   * Cuts one clip; the same span always gives the same bytes. Fastest when clips are cut in order of time.
   * @throws the codes of decoding; SOURCE_GONE; ABORTED
   */
  cut(span: { startMs: number; endMs: number }, signal?: AbortSignal): Promise<Clip>;
  close(): Promise<void>;
}

/** Cuts clips, in a worker of its own. */
export interface ClipCutter {
  open(source: ClipSource): Promise<OpenClipSource>;
  /** Ends the worker. */
  dispose(): void;
}

/** How far a person has checked a text. */
export type CheckLevel = 'edited' | 'confirmed';

/** A clip that can be contributed. It begins and ends between words. */
export interface PlannedClip {
  startMs: number;
  endMs: number;
  text: string;
  /** What was recognised in that time. */
  asrText: string;
  level: CheckLevel;
  speakerId: string | null;
}

/** A checked text that cannot become a clip. */
export interface OmittedText {
  startMs: number;
  text: string;
  /** `short`: less than 1 s, even when extended; `long`: more than 30 s, and cannot be divided. */
  reason: 'short' | 'long';
}

export interface ClipPlan {
  clips: PlannedClip[];
  omitted: OmittedText[];
}

export interface PlanOptions {
  /** All rows, in order. */
  rows: readonly Row[];
  /** All rows as they were recognised, in order. */
  recognised: readonly Row[];
  /** How far a row was checked; `null`: not by a person. */
  levelOf(row: Row): CheckLevel | null;
  durationMs: number;
}

const MIN_MS = CLIP_SAMPLES.min / SAMPLES_PER_MS;
const MAX_MS = CLIP_SAMPLES.max / SAMPLES_PER_MS;
/** Silence that a clip has before its first and after its last word, where there is some, in ms. */
const BESIDE_MS = 150;
/** Longest span of the words in one clip, in ms: the rest is left for the silence around them. */
const MAX_WORDS_MS = MAX_MS - 2 * BESIDE_MS;
/** Rows further apart are not joined, in ms. */
const MAX_PAUSE_MS = 2_000;
/** A long text is not divided within this share of either end, if it can be helped. */
const KEPT_SHARE = 0.2;

/** Words of one clip. */
interface Piece {
  words: readonly Word[];
  level: CheckLevel;
  speakerId: string | null;
  /** Of its first and last row among all rows. */
  from: number;
  to: number;
}

/**
 * Cuts checked rows into clips of 1 to 30 s. Long rows are divided at their pauses, and short ones joined to
 * a checked row beside them of the same speaker.
 */
export function planClips({ rows, recognised, levelOf, durationMs }: PlanOptions): ClipPlan {
  const omitted: OmittedText[] = [];
  const omit = (piece: Piece, reason: OmittedText['reason']) =>
    omitted.push({ startMs: startOf(piece.words), text: textOf(piece.words), reason });
  const pieces = rows.flatMap((row, at): Piece[] => {
    const level = levelOf(row);
    const words = wordsOfRow(row);
    if (!level || textOf(words) === '') return [];
    const facts = { level, speakerId: row.speakerId, from: at, to: at };
    // only a row with word times can be divided: elsewhere it is unknown where its words are
    const parts = row.words.length > 0 ? divided(words) : [words];
    return parts.map((part) => ({ ...facts, words: part }));
  });
  const spokenIn = wordsBySpan(recognised.flatMap(wordsOfRow));
  const neighbours = rows.map(wordsOfRow);
  const clips: PlannedClip[] = [];
  for (const piece of joined(pieces)) {
    const span = clipSpan(piece, neighbours, durationMs);
    const text = textOf(piece.words);
    const lengthMs = span.endMs - span.startMs;
    if (lengthMs > MAX_MS || text.length > MAX_ENTRY_CHARS) omit(piece, 'long');
    else if (lengthMs < MIN_MS) omit(piece, 'short');
    else
      clips.push({
        ...span,
        text,
        asrText: textOf(spokenIn(span)).slice(0, MAX_ENTRY_CHARS),
        level: piece.level,
        speakerId: piece.speakerId,
      });
  }
  return { clips, omitted };
}

const wordsOfRow = (row: Row) => wordsOf(row, row.words);
const startOf = (words: readonly Word[]) => words[0]?.startMs ?? 0;
const endOf = (words: readonly Word[]) => words.at(-1)?.endMs ?? 0;
const lengthOf = (words: readonly Word[]) => endOf(words) - startOf(words);
const textOf = (words: readonly Word[]) => joinWords(words.map(({ text }) => text)).trim();

/** Finds the words whose middle is in a span, by binary search: each clip of a long transcript asks for its own. */
function wordsBySpan(words: readonly Word[]) {
  const middles = words.map(({ startMs, endMs }) => (startMs + endMs) / 2);
  const firstFrom = (ms: number) => {
    let [low, high] = [0, middles.length];
    while (low < high) {
      const at = (low + high) >> 1;
      if ((middles[at] ?? 0) < ms) low = at + 1;
      else high = at;
    }
    return low;
  };
  return ({ startMs, endMs }: { startMs: number; endMs: number }) =>
    words.slice(firstFrom(startMs), firstFrom(endMs));
}

/** Divides words until each part is short enough, at the longest pause near the middle. */
function divided(words: readonly Word[]): (readonly Word[])[] {
  const lengthMs = lengthOf(words);
  if (lengthMs <= MAX_WORDS_MS || words.length < 2) return [words];
  const inMiddle = (at: number) => {
    const share = ((words[at]?.startMs ?? 0) - startOf(words)) / lengthMs;
    return share >= KEPT_SHARE && share <= 1 - KEPT_SHARE;
  };
  const places = words.map((_, at) => at).slice(1);
  const middle = places.filter(inMiddle);
  const pauseBefore = (at: number) => (words[at]?.startMs ?? 0) - (words[at - 1]?.endMs ?? 0);
  const [cut = 1] = (middle.length > 0 ? middle : places).sort(
    (a, b) => pauseBefore(b) - pauseBefore(a),
  );
  return [...divided(words.slice(0, cut)), ...divided(words.slice(cut))];
}

/** Joins pieces that are too short by themselves to the one after, or else before them. */
function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const before = result.at(-1);
    const isShort = before && (lengthOf(before.words) < MIN_MS || lengthOf(piece.words) < MIN_MS);
    if (before && isShort && canJoin(before, piece))
      result[result.length - 1] = {
        words: [...before.words, ...piece.words],
        // the level that holds for all of it
        level: before.level === piece.level ? piece.level : 'edited',
        speakerId: piece.speakerId,
        from: before.from,
        to: piece.to,
      };
    else result.push(piece);
  }
  return result;
}

function canJoin(before: Piece, piece: Piece): boolean {
  return (
    piece.from - before.to <= 1 &&
    piece.speakerId === before.speakerId &&
    startOf(piece.words) - endOf(before.words) <= MAX_PAUSE_MS &&
    endOf(piece.words) - startOf(before.words) <= MAX_WORDS_MS
  );
}

/** The span of a piece with some silence around it, at most half-way to the neighbouring words. */
function clipSpan(
  { words, from, to }: Piece,
  neighbours: readonly (readonly Word[])[],
  durationMs: number,
): { startMs: number; endMs: number } {
  const [first, last] = [startOf(words), endOf(words)];
  const around = neighbours.slice(Math.max(0, from - 1), to + 2).flat();
  const before = around.findLast(({ endMs }) => endMs <= first)?.endMs ?? 0;
  const after = around.find(({ startMs }) => startMs >= last)?.startMs ?? durationMs;
  const beside = Math.max(BESIDE_MS, (MIN_MS - (last - first)) / 2);
  const room = (gapMs: number) => Math.floor(Math.min(beside, Math.max(0, gapMs) / 2));
  // silence at either end of the recording is shared with no other words
  const startRoom = before === 0 ? Math.min(beside, first) : room(first - before);
  const endRoom = after === durationMs ? Math.min(beside, durationMs - last) : room(after - last);
  return {
    startMs: Math.floor(first - Math.max(0, startRoom)),
    endMs: Math.ceil(last + Math.max(0, endRoom)),
  };
}
