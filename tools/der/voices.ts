import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PlainError } from '../command/errors';

/**
 * Recordings of each speaker in manifests (JSONL: audio, speaker).
 * @throws {PlainError} for a manifest that is not there, or a line without them
 */
export function readVoices(manifests: readonly string[]): Map<string, string[]> {
  const voices = new Map<string, string[]>();
  for (const manifest of manifests) {
    if (!existsSync(manifest)) throw new PlainError(`There is no manifest ${manifest}.`);
    for (const [at, line] of readFileSync(manifest, 'utf8').split('\n').entries()) {
      if (line.trim() === '') continue;
      const { audio, speaker } = parsed(line, `${manifest}:${at + 1}`);
      const paths = voices.get(speaker) ?? [];
      voices.set(speaker, [...paths, resolve(dirname(manifest), audio)]);
    }
  }
  return voices;
}

function parsed(line: string, place: string): { audio: string; speaker: string } {
  let value: unknown = null;
  try {
    value = JSON.parse(line);
  } catch {
    throw new PlainError(`${place}: not a line of JSON.`);
  }
  const { audio, speaker }: Partial<Record<string, unknown>> = { ...(value as object) };
  if (typeof audio !== 'string' || typeof speaker !== 'string')
    throw new PlainError(`${place}: audio and speaker are needed.`);
  return { audio, speaker };
}
