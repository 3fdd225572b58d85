import { AppError, newId, plainText } from '@/lib/core';
import {
  type SourceInfo,
  type Transcript,
  type TranscriptSegment,
  transcriptSchema,
  wordsOf,
} from '@/lib/transcript';

/** What another program has written down: text with its place in the recording. */
export interface TimedText {
  startMs: number;
  endMs: number;
  /** Their name, where it is known. */
  speaker: string | null;
  text: string;
}

/** More is not a transcript: 100 hours of fast speech. */
const MAX_SEGMENTS = 200_000;
const MAX_CHARACTERS = 20_000_000;

/** A recording of 1,000 hours: times beyond are mistakes. */
const MAX_MS = 3_600_000_000;

/** What a transcript has of a file that is not a recording of its own. */
export interface ImportedFile {
  /** Without the end of its name. */
  title: string;
  source: SourceInfo;
  /** BCP 47; `und` where the file does not say. */
  language: string;
}

/**
 * A transcript of timed text: put in order, without overlaps, and with words whose times share those of
 * their text.
 * @throws AppError SOURCE_UNREADABLE when there is no text in it, or too much
 */
export function buildTranscript(texts: readonly TimedText[], file: ImportedFile): Transcript {
  const wanted = texts
    .map((one) => ({ ...one, text: one.text.replace(/\s+/g, ' ').trim() }))
    .filter(({ text, startMs }) => text !== '' && startMs <= MAX_MS)
    .sort((a, b) => a.startMs - b.startMs);
  const characters = wanted.reduce((sum, { text }) => sum + text.length, 0);
  if (wanted.length === 0)
    throw new AppError('SOURCE_UNREADABLE', `${file.source.name} holds no text.`);
  if (wanted.length > MAX_SEGMENTS || characters > MAX_CHARACTERS)
    throw new AppError('SOURCE_UNREADABLE', `${file.source.name} holds too much text.`, {
      details: { segments: wanted.length, characters },
    });
  const ids = new Map<string, string>();
  let freeMs = 0;
  const segments = wanted.map((one, at): TranscriptSegment => {
    const words = one.text.split(' ').length;
    const startMs = Math.max(freeMs, Math.round(one.startMs));
    const nextMs = wanted[at + 1]?.startMs ?? Number.POSITIVE_INFINITY;
    // each word needs a millisecond; where two texts overlap, the later one keeps its time
    const endMs = Math.max(startMs + words, Math.min(Math.round(one.endMs), Math.round(nextMs)));
    freeMs = endMs;
    const span = { text: one.text, startMs, endMs };
    const name = one.speaker === null ? '' : plainText(one.speaker).trim();
    if (name !== '' && !ids.has(name)) ids.set(name, `s${ids.size + 1}`);
    return {
      id: newId(),
      ...span,
      speakerId: ids.get(name) ?? null,
      edited: false,
      words: separated(wordsOf(span, []), endMs),
    };
  });
  return transcriptSchema.parse({
    version: 1,
    id: newId(),
    title: file.title,
    language: file.language,
    createdAt: new Date().toISOString(),
    durationMs: freeMs,
    source: file.source,
    model: UNKNOWN_MODEL,
    speakers: [...ids].map(([name, id]) => ({ id, name })),
    segments,
  });
}

/** Stands for the model of a transcript that was not made here. */
export const UNKNOWN_MODEL = { id: 'unknown', backend: 'wasm', precision: 'unknown' } as const;

/** Words of at least a millisecond each, in order, the last one at the end at the latest. */
function separated(words: TranscriptSegment['words'], endMs: number): TranscriptSegment['words'] {
  let freeMs = words[0]?.startMs ?? 0;
  return words.map((word, at) => {
    const latestMs = endMs - (words.length - 1 - at);
    const startMs = Math.min(Math.max(word.startMs, freeMs), latestMs - 1);
    freeMs = Math.min(Math.max(word.endMs, startMs + 1), latestMs);
    return { ...word, startMs, endMs: freeMs };
  });
}
