import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PlainError } from './app.mjs';

/**
 * The utterances of a manifest (JSONL: audio, duration, text).
 * @param {string} path
 * @param {number} [limit] take only so many, from the start
 * @returns {{audio: string, path: string, duration: number, text: string}[]}
 * @throws {PlainError} for a line that is no utterance
 */
export function readManifest(path, limit = Number.POSITIVE_INFINITY) {
  if (!existsSync(path)) throw new PlainError(`There is no manifest ${path}.`);
  const lines = readFileSync(path, 'utf8').split('\n');
  const utterances = lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    const { audio, duration, text } = parseLine(line, `${path}:${i + 1}`);
    if (typeof audio !== 'string' || typeof text !== 'string' || !(duration > 0))
      throw new PlainError(`${path}:${i + 1}: audio, duration and text are needed.`);
    return [{ audio, path: resolve(dirname(path), audio), duration, text }];
  });
  if (utterances.length === 0) throw new PlainError(`${path} names no audio.`);
  return utterances.slice(0, limit);
}

function parseLine(line, place) {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    throw new PlainError(`${place}: not a line of JSON.`);
  }
}
