import { AppError, plainText } from '@/lib/core';
import type { Transcript } from '@/lib/transcript';
import { buildTranscript, type ImportedFile, type TimedText } from './build';
import { readCues } from './cues';
import { readJson } from './json';
import { transcriptExtension } from './kinds';
import { readParagraphs, type StampedText } from './paragraphs';
import { textOf } from './text-of';

/** Speech has about this many characters a second. */
const CHARACTERS_PER_SECOND = 15;

/**
 * Gives text its times: from each stamp at the pace of speech, or faster where the next stamp comes
 * sooner. Text before the first stamp, or without any, begins at 0.
 */
function layOutInTime(texts: readonly StampedText[]): TimedText[] {
  let freeMs = 0;
  return groupsOf(texts).flatMap((group, at, groups) => {
    const fromMs = Math.max(freeMs, group[0]?.startMs ?? 0);
    const characters = group.reduce((sum, { text }) => sum + text.length, 0);
    const wantedMs = (characters * 1000) / CHARACTERS_PER_SECOND;
    const nextMs = groups[at + 1]?.[0]?.startMs ?? Number.POSITIVE_INFINITY;
    const lengthMs = nextMs > fromMs ? Math.min(wantedMs, nextMs - fromMs) : wantedMs;
    let before = 0;
    const timeAt = () => fromMs + Math.round((lengthMs * before) / Math.max(1, characters));
    return group.map(({ speaker, text }): TimedText => {
      const startMs = timeAt();
      before += text.length;
      freeMs = timeAt();
      return { speaker, text, startMs, endMs: freeMs };
    });
  });
}

/** Texts that follow one stamp. */
function groupsOf(texts: readonly StampedText[]): StampedText[][] {
  const groups: StampedText[][] = [];
  for (const text of texts) {
    const group = groups.at(-1);
    if (group && text.startMs === null) group.push(text);
    else groups.push([text]);
  }
  return groups;
}

/** Largest file that is read whole, in bytes: ten hours of words with their times take about 15 MB. */
const MAX_BYTES = 200_000_000;

/**
 * A transcript from a file of another program, or from our own JSON. Markup in it is text.
 * @throws AppError SOURCE_EMPTY, SOURCE_UNREADABLE
 */
export async function readTranscriptFile(file: File): Promise<Transcript> {
  if (file.size === 0) throw new AppError('SOURCE_EMPTY', `${file.name} is empty.`);
  if (file.size > MAX_BYTES)
    throw new AppError('SOURCE_UNREADABLE', `${file.name} has ${file.size} bytes.`);
  const about: ImportedFile = {
    title: plainText(file.name.replace(/\.[^.]*$/, '')).trim() || file.name,
    source: {
      name: file.name,
      mediaType: file.type,
      sizeBytes: file.size,
      sha256: null,
    },
    language: 'und',
  };
  switch (transcriptExtension(file.name)) {
    case 'json':
      return readJson(await textOf(file), file.name);
    case 'docx': {
      const { readDocxParagraphs } = await import('./docx');
      return buildTranscript(layOutInTime(readParagraphs(await readDocxParagraphs(file))), about);
    }
    case 'srt':
    case 'vtt':
      return buildTranscript(readCues(await textOf(file)), about);
    case null:
      throw new AppError('SOURCE_UNREADABLE', `${file.name} has no known form.`);
  }
}
