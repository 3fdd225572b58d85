import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PlainError } from '../command/errors';
import type { TimedWord } from './word-scores';

/** A recording, and what was said in it. */
export interface Utterance {
  /** As the manifest names it. */
  audio: string;
  path: string;
  /** In seconds. */
  duration: number;
  text: string;
  /** What is said when, where that is needed; else none. */
  words: TimedWord[];
}

/**
 * The utterances of a manifest (JSONL: audio, duration, text; where known, `words`: what is said when,
 * a list of text, startMs and endMs).
 * @param limit takes only this many, from the start
 * @param needed `times`: every utterance has to have words with times
 * @throws {PlainError} for a line that is no utterance, or lacks what is needed
 */
export function readManifest(
  path: string,
  limit = Number.POSITIVE_INFINITY,
  { times = false }: { times?: boolean } = {},
): Utterance[] {
  if (!existsSync(path)) throw new PlainError(`There is no manifest ${path}.`);
  const lines = readFileSync(path, 'utf8').split('\n');
  const utterances = lines.flatMap((line, at) =>
    line.trim() === '' ? [] : [readUtterance(line, path, at + 1, times)],
  );
  if (utterances.length === 0) throw new PlainError(`${path} names no audio.`);
  return utterances.slice(0, limit);
}

function readUtterance(line: string, manifest: string, number: number, times: boolean): Utterance {
  const place = `${manifest}:${number}`;
  const { audio, duration, text, words } = parseLine(line, place);
  if (typeof audio !== 'string' || typeof text !== 'string' || !isPositive(duration))
    throw new PlainError(`${place}: audio, duration and text are needed.`);
  const path = resolve(dirname(manifest), audio);
  if (!times) return { audio, path, duration, text, words: [] };
  if (!Array.isArray(words) || !words.every(isTimed))
    throw new PlainError(`${place}: --times needs "words", a list of text, startMs and endMs.`);
  return { audio, path, duration, text, words };
}

const isPositive = (value: unknown): value is number => typeof value === 'number' && value > 0;

function isTimed(word: unknown): word is TimedWord {
  if (typeof word !== 'object' || word === null) return false;
  const { text, startMs, endMs }: Partial<Record<string, unknown>> = { ...word };
  return (
    typeof text === 'string' &&
    typeof startMs === 'number' &&
    typeof endMs === 'number' &&
    startMs >= 0 &&
    endMs >= startMs
  );
}

function parseLine(line: string, place: string): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    throw new PlainError(`${place}: not a line of JSON.`);
  }
}
