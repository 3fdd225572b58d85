import { needsSpace } from '@/lib/core';
import { type Transcript, type TranscriptSegment, wordsOf } from '@/lib/transcript';
import { layOut, type Piece, pieceText, textWidth } from './cue-lines';
import type { ExportOptions, SubtitleRules } from './options';
import { speakerNames } from './prepare';
import { pausesOf, pauseText } from './verbatim';

/** One caption: [startMs, endMs) and its lines. */
interface Cue {
  startMs: number;
  endMs: number;
  lines: string[];
  /** Who speaks, where that is known. */
  speaker: string | null;
}

/** How cues are made: the rules, and what is shown beside the words. */
export interface CueOptions extends Pick<ExportOptions, 'pauses' | 'minPauseMs' | 'verbatim'> {
  subtitles: SubtitleRules;
  /** How a new speaker is shown in the text; `null`: the format has a place of its own for it. */
  speakerStyle: SubtitleRules['speakerStyle'] | null;
}

/** Frames between two cues: fewer look like a flicker. */
const GAP_FRAMES = 2;

/** A gap of fewer frames is closed to the shortest one: the eye would see it as a stutter. */
const CLOSED_GAP_FRAMES = 12;

/** A pause of this length always ends a cue. */
const BREAK_MS = 1000;

/** The shortest pause between two cues, in whole ms. */
export function gapOf({ frameRate }: Pick<SubtitleRules, 'frameRate'>): number {
  return Math.ceil((GAP_FRAMES * 1000) / frameRate);
}

/** What is shown in one cue. */
interface Group {
  pieces: Piece[];
  speaker: string | null;
}

/**
 * A prepared transcript as captions, in order and without overlap: divided at pauses, at the ends of
 * sentences and clauses and where another speaker begins, within the rules as far as the words allow.
 */
export function cuesOf(transcript: Transcript, options: CueOptions): Cue[] {
  const { subtitles: rules } = options;
  const groups = mergeShort(
    turnsOf(transcript, options).flatMap(({ pieces, speaker }) =>
      breakAtPauses(pieces)
        .flatMap((part) => divide(part, rules))
        .map((part): Group => ({ pieces: part, speaker })),
    ),
    rules,
  );
  let freeMs = 0;
  return groups.map(({ pieces, speaker }, i): Cue => {
    const startMs = Math.max(startOf(pieces), freeMs);
    const next = groups[i + 1];
    const nextMs = next ? startOf(next.pieces) : Number.POSITIVE_INFINITY;
    const endMs = endFor(pieces, startMs, nextMs, rules);
    freeMs = endMs;
    return { startMs, endMs, lines: layOut(pieces, rules) ?? [pieceText(pieces)], speaker };
  });
}

/**
 * When a cue disappears: after its last word, and as much later as it takes to be read; before the next
 * one by the gap, where that leaves more than the gap itself.
 */
function endFor(
  pieces: readonly Piece[],
  startMs: number,
  nextMs: number,
  { charactersPerSecond, minMs, maxMs, frameRate }: SubtitleRules,
): number {
  const gapMs = gapOf({ frameRate });
  const readMs = Math.ceil((textWidth(pieces) * 1000) / charactersPerSecond);
  const lastMs = pieces.at(-1)?.endMs ?? startMs;
  const wantedMs = Math.min(Math.max(lastMs, startMs + minMs, startMs + readMs), startMs + maxMs);
  const isRoom = nextMs - startMs > 2 * gapMs;
  const latestMs = isRoom ? nextMs - gapMs : nextMs;
  const closedMs = nextMs - Math.ceil((CLOSED_GAP_FRAMES * 1000) / frameRate);
  const isClosed = wantedMs > closedMs && latestMs <= startMs + maxMs;
  const endMs = isClosed ? latestMs : Math.min(wantedMs, latestMs);
  // pieces of a word can share a millisecond: then a cue moves by one
  return Math.max(startMs + 1, endMs);
}

const startOf = (pieces: readonly Piece[]) => pieces[0]?.startMs ?? 0;

/** Consecutive segments of one speaker, as pieces; how a new speaker is shown is the first of them. */
function turnsOf(transcript: Transcript, options: CueOptions): Group[] {
  const { segments } = transcript;
  const nameOf = speakerNames(transcript);
  const pauses = options.verbatim && options.pauses ? pausesOf(segments, options.minPauseMs) : null;
  const turns: Group[] = [];
  let speakerId: string | null = null;
  for (const [at, segment] of segments.entries()) {
    const pieces = piecesOf(segment, options.subtitles, pauses?.[at] ?? []);
    if (pieces.length === 0) continue;
    const speaker = nameOf(segment.speakerId);
    const isTurn = segment.speakerId !== speakerId;
    speakerId = segment.speakerId;
    const sign = isTurn ? speakerSign(speaker, options, startOf(pieces)) : [];
    turns.push({ pieces: [...sign, ...pieces], speaker });
  }
  return turns;
}

/** What stands before the first words of a speaker. */
function speakerSign(
  name: string | null,
  { speakerStyle, subtitles }: CueOptions,
  atMs: number,
): Piece[] {
  if (speakerStyle === null || name === null || name.trim() === '') return [];
  const text = speakerStyle === 'dash' ? '-' : `${name.trim()}:`;
  return text
    .split(/\s+/)
    .flatMap((part) =>
      breakWide({ text: part, isSpaced: true, startMs: atMs, endMs: atMs }, subtitles.lineLength),
    );
}

/** The words with their times; text without word times is spread evenly over its segment. */
function piecesOf(
  segment: TranscriptSegment,
  { lineLength }: SubtitleRules,
  pauses: readonly number[],
): Piece[] {
  const words = wordsOf(segment, segment.words);
  // a text alone keeps the spaces it was written with
  const isWritten = segment.words.length === 0;
  return words.flatMap((word, at) => {
    const isSpaced = isWritten || needsSpace(words[at - 1]?.text ?? '', word.text);
    const pieces = breakWide({ ...word, isSpaced }, lineLength);
    const pauseMs = pauses[at] ?? 0;
    // shown with what follows it: nobody reads a caption while nothing is said
    return pauseMs === 0
      ? pieces
      : [
          {
            text: pauseText(pauseMs),
            isSpaced: true,
            startMs: word.startMs,
            endMs: word.startMs,
          },
          ...pieces.map((piece, i) => (i === 0 ? { ...piece, isSpaced: true } : piece)),
        ];
  });
}

/** A word wider than a line, in pieces that fit; its time is shared among them. */
function breakWide({ text, isSpaced, startMs, endMs }: Piece, lineLength: number): Piece[] {
  const characters = [...text.replace(/\s+/g, ' ')];
  const count = Math.ceil(characters.length / lineLength);
  return Array.from({ length: count }, (_, i) => ({
    text: characters.slice(i * lineLength, (i + 1) * lineLength).join(''),
    isSpaced: isSpaced && i === 0,
    startMs: startMs + Math.floor(((endMs - startMs) * i) / count),
    endMs: startMs + Math.floor(((endMs - startMs) * (i + 1)) / count),
  }));
}

function breakAtPauses(pieces: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  for (const piece of pieces) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && piece.startMs - last.endMs < BREAK_MS) group.push(piece);
    else groups.push([piece]);
  }
  return groups;
}

const lengthMs = (pieces: readonly Piece[]) => (pieces.at(-1)?.endMs ?? 0) - startOf(pieces);

const fits = (pieces: readonly Piece[], rules: SubtitleRules) =>
  lengthMs(pieces) <= rules.maxMs && layOut(pieces, rules) !== null;

/** Halves a group at its best place until every part fits in a cue. */
function divide(pieces: Piece[], rules: SubtitleRules): Piece[][] {
  if (pieces.length < 2 || fits(pieces, rules)) return [pieces];
  const total = textWidth(pieces);
  let best = 1;
  let bestScore = Number.NEGATIVE_INFINITY;
  let left = 0;
  for (let at = 1; at < pieces.length; at++) {
    const before = pieces[at - 1];
    const after = pieces[at];
    if (!before || !after) continue;
    left += [...before.text].length + 1;
    // 0 for halves, down to -1 for a lone word
    const balance = -Math.abs(2 * left - total) / total;
    const pause = Math.min(after.startMs - before.endMs, BREAK_MS) / BREAK_MS;
    const score = balance + pause + clauseScore(before.text);
    if (score > bestScore) {
      best = at;
      bestScore = score;
    }
  }
  return [...divide(pieces.slice(0, best), rules), ...divide(pieces.slice(best), rules)];
}

/** How good a place behind a word is to end a cue or a line. */
function clauseScore(word: string): number {
  if (/[.?!。？！]['")”」』]*$/.test(word)) return 0.5;
  if (/[,;:،؛，、]$/.test(word)) return 0.25;
  // articles and prepositions, in most languages, belong to what follows
  return word.length <= 3 ? -0.1 : 0;
}

/**
 * Joins a cue that would be shown too shortly with its neighbour, where one of the same speaker is close
 * and both fit together.
 */
function mergeShort(groups: Group[], rules: SubtitleRules): Group[] {
  const merged: Group[] = [];
  for (const [i, group] of groups.entries()) {
    const last = merged.at(-1);
    const next = groups[i + 1];
    const nextMs = next ? startOf(next.pieces) : Number.POSITIVE_INFINITY;
    if (
      last &&
      last.speaker === group.speaker &&
      startOf(group.pieces) - (last.pieces.at(-1)?.endMs ?? 0) < BREAK_MS &&
      (startOf(group.pieces) - startOf(last.pieces) < rules.minMs + gapOf(rules) ||
        nextMs - startOf(group.pieces) < rules.minMs + gapOf(rules))
    ) {
      const [first, ...others] = group.pieces;
      const before = last.pieces.at(-1)?.text ?? '';
      const both = first
        ? [...last.pieces, { ...first, isSpaced: needsSpace(before, first.text) }, ...others]
        : last.pieces;
      if (fits(both, rules)) {
        merged[merged.length - 1] = { ...last, pieces: both };
        continue;
      }
    }
    merged.push(group);
  }
  return merged;
}

/** A rule that a cue breaks. */
export type CueRule =
  | 'too-fast'
  | 'long-line'
  | 'too-many-lines'
  | 'too-short'
  | 'too-long'
  | 'overlap'
  | 'small-gap';

/** One breach of a rule, with what was measured and what the rule asks for. */
export interface CueProblem {
  rule: CueRule;
  /** Of the cue, counted from 1, as SubRip numbers them. */
  number: number;
  startMs: number;
  /** Characters a second, characters, lines, ms, or frames: as the rule counts. */
  value: number;
  limit: number;
}

/** Which rules the cues of a file break, cue by cue. @param cues in the order of the file */
export function lintCues(
  cues: readonly Omit<Cue, 'speaker'>[],
  rules: SubtitleRules,
): CueProblem[] {
  const problems: CueProblem[] = [];
  const gapMs = gapOf(rules);
  for (const [at, { startMs, endMs, lines }] of cues.entries()) {
    const report = (rule: CueRule, value: number, limit: number) =>
      problems.push({ rule, number: at + 1, startMs, value, limit });
    const shownMs = endMs - startMs;
    const widths = lines.map((line) => [...line].length);
    const widest = Math.max(0, ...widths);
    if (widest > rules.lineLength) report('long-line', widest, rules.lineLength);
    if (lines.length > rules.lines) report('too-many-lines', lines.length, rules.lines);
    if (shownMs < rules.minMs) report('too-short', shownMs, rules.minMs);
    if (shownMs > rules.maxMs) report('too-long', shownMs, rules.maxMs);
    // the end of a line takes the time of a space
    const characters = widths.reduce((sum, width) => sum + width, lines.length - 1);
    const speed = (characters * 1000) / Math.max(1, shownMs);
    if (speed > rules.charactersPerSecond) report('too-fast', speed, rules.charactersPerSecond);
    const next = cues[at + 1];
    if (!next) continue;
    const untilNextMs = next.startMs - endMs;
    if (untilNextMs < 0) report('overlap', -untilNextMs, 0);
    else if (untilNextMs < gapMs)
      report('small-gap', (untilNextMs * rules.frameRate) / 1000, GAP_FRAMES);
  }
  return problems;
}
