import { AppError, plainText } from '@/lib/core';
import type { Transcript } from '@/lib/transcript';
import { buildTranscript, type ImportedFile } from './build';
import { readCues } from './cues';
import { readJson } from './json';
import { transcriptExtension } from './kinds';
import { layOutInTime } from './lay-out-in-time';
import { readParagraphs } from './paragraphs';

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

/** The text of a file: UTF-8 or, by its first bytes, UTF-16; what is neither is read as Windows-1252. */
async function textOf(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // old subtitles have the character set of the system they were made on
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
