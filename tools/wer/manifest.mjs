import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PlainError } from '../app/app.mjs';

/**
 * The utterances of a manifest (JSONL: audio, duration, text; where known, `words`: what is said when,
 * a list of text, startMs and endMs).
 * @param {string} path
 * @param {number} [limit] take only so many, from the start
 * @param {{times?: boolean}} [needed] `times`: every utterance has to have words with times
 * @returns {{audio: string, path: string, duration: number, text: string,
 *   words?: {text: string, startMs: number, endMs: number}[]}[]} `words` where `times` are needed
 * @throws {PlainError} for a line that is no utterance, or lacks what is needed
 */
export function readManifest(path, limit = Number.POSITIVE_INFINITY, { times = false } = {}) {
  if (!existsSync(path)) throw new PlainError(`There is no manifest ${path}.`);
  const lines = readFileSync(path, 'utf8').split('\n');
  const utterances = lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    const { audio, duration, text, words } = parseLine(line, `${path}:${i + 1}`);
    if (typeof audio !== 'string' || typeof text !== 'string' || !(duration > 0))
      throw new PlainError(`${path}:${i + 1}: audio, duration and text are needed.`);
    if (times && !(Array.isArray(words) && words.every(isTimed)))
      throw new PlainError(
        `${path}:${i + 1}: --times needs "words", a list of text, startMs and endMs.`,
      );
    const utterance = { audio, path: resolve(dirname(path), audio), duration, text };
    return [times ? { ...utterance, words } : utterance];
  });
  if (utterances.length === 0) throw new PlainError(`${path} names no audio.`);
  return utterances.slice(0, limit);
}

function isTimed(word) {
  const { text, startMs, endMs } = word ?? {};
  return typeof text === 'string' && startMs >= 0 && endMs >= startMs;
}

function parseLine(line, place) {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    throw new PlainError(`${place}: not a line of JSON.`);
  }
}
