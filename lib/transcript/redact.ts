import { joinWords } from '@/lib/core';
import { findPhrases, type Phrase, type PhraseMatch } from './phrases';
import type { Transcript, Word } from './types';
import { tokenise, wordsOf } from './words';

/** What is taken out, and what replaces it. */
export interface Redaction {
  phrases: readonly Phrase[];
  /** Such as "[Witness 1]"; not empty. */
  role: string;
}

/** A span of the recording, in ms. */
export interface TimeSpan {
  startMs: number;
  endMs: number;
}

/** A copy of a transcript, with the spans in which redacted words were said, in order. */
export interface RedactedTranscript {
  transcript: Transcript;
  spans: TimeSpan[];
}

/** The punctuation around a word that may stay: it says nothing of the word. */
const OPENING = /^[\p{Ps}\p{Pi}"'¿¡]+/u;
const CLOSING = /[\p{Pe}\p{Pf}"'.,;:!?…。、，！？]+$/u;

/**
 * A copy without some words and numbers. Words that were found become one word, the role, in their time.
 * What a copy does not need goes, since it may say what the text no longer does: alternatives of all words,
 * what is noted of marks beside their time, ids, and the facts of the file.
 * @param sourceName what is said of the file in its place
 */
export function redact(
  original: Transcript,
  redactions: readonly Redaction[],
  {
    id,
    title,
    createdAt,
    sourceName,
  }: Pick<Transcript, 'id' | 'title' | 'createdAt'> & {
    sourceName: string;
  },
): RedactedTranscript {
  const spans: TimeSpan[] = [];
  const rows = original.segments.map((segment) => wordsOf(segment, segment.words));
  const speakerIds = new Map(original.speakers.map((one, at) => [one.id, `s${at + 1}`]));
  const redacted = redactRows(rows, redactions, spans);
  const transcript: Transcript = {
    version: 1,
    id,
    title: redactText(title, redactions),
    language: original.language,
    createdAt,
    durationMs: original.durationMs,
    source: { name: sourceName, mediaType: '', sizeBytes: 0, sha256: null },
    model: original.model,
    speakers: original.speakers.map(({ id: old, name }) => ({
      id: speakerIds.get(old) ?? old,
      name: redactText(name, redactions),
    })),
    segments: original.segments.map(({ startMs, endMs, speakerId, edited }, at) => {
      const words = redacted[at] ?? [];
      return {
        id: String(at),
        startMs,
        endMs,
        speakerId: speakerId === null ? null : (speakerIds.get(speakerId) ?? null),
        text: joinWords(words.map(({ text }) => text)),
        edited,
        words,
      };
    }),
    ...(original.marks && { marks: original.marks.map(({ atMs }) => ({ atMs })) }),
  };
  return { transcript, spans };
}

/** A text of one line with roles in the place of what is taken out. */
export function redactText(text: string, redactions: readonly Redaction[]): string {
  const words = tokenise(text);
  const found = findIn(words, redactions);
  if (found.length === 0) return text;
  const kept: string[] = [];
  let next = 0;
  for (const { from, to, role } of found) {
    kept.push(...words.slice(next, from), inPlaceOf(words.slice(from, to + 1), role));
    next = to + 1;
  }
  return joinWords([...kept, ...words.slice(next)]);
}

function redactRows(
  rows: readonly Word[][],
  redactions: readonly Redaction[],
  spans: TimeSpan[],
): Word[][] {
  const all = rows.flat();
  const roles: (RoleMatch | undefined)[] = [];
  for (const match of findIn(
    all.map(({ text }) => text),
    redactions,
  ))
    for (let at = match.from; at <= match.to; at++) roles[at] = match;
  let at = 0;
  return rows.map((row) => {
    const kept: Word[] = [];
    let run: Word[] = [];
    row.forEach((word, inRow) => {
      const match = roles[at];
      at += 1;
      if (!match) {
        const { text, startMs, endMs, confidence } = word;
        kept.push({ text, startMs, endMs, confidence });
        return;
      }
      run.push(word);
      // a name that continues in the next row is one word in either
      if (inRow + 1 < row.length && roles[at] === match) return;
      const replaced = oneWord(run, match.role);
      kept.push(replaced);
      spans.push({ startMs: replaced.startMs, endMs: replaced.endMs });
      run = [];
    });
    return kept;
  });
}

interface RoleMatch extends PhraseMatch {
  role: string;
}

function findIn(words: readonly string[], redactions: readonly Redaction[]): RoleMatch[] {
  const roles = redactions.flatMap(({ phrases, role }) => phrases.map(() => role));
  return findPhrases(
    words,
    redactions.flatMap(({ phrases }) => phrases),
  ).map((match) => ({ ...match, role: roles[match.phrase] ?? '' }));
}

function oneWord(words: readonly Word[], role: string): Word {
  return {
    text: inPlaceOf(
      words.map(({ text }) => text),
      role,
    ),
    startMs: Math.min(...words.map(({ startMs }) => startMs)),
    endMs: Math.max(...words.map(({ endMs }) => endMs)),
    confidence: 1,
  };
}

function inPlaceOf(words: readonly string[], role: string): string {
  const opening = OPENING.exec(words[0] ?? '')?.[0] ?? '';
  const closing = CLOSING.exec(words.at(-1) ?? '')?.[0] ?? '';
  return opening + role + closing;
}
