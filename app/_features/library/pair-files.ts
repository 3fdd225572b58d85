import { folderOf, looksLikeMedia } from '@/app/_features/ui';
import { bareName } from '@/lib/core';
import { transcriptExtension } from '@/lib/import';

/** Files that were added together. */
interface Paired {
  /** Recordings that have a text of their own. */
  pairs: { recording: File; text: File }[];
  recordings: File[];
  /** Transcripts without a recording. */
  texts: File[];
}

/** What has the times of its words or subtitles in it: a document may have none. */
const TIMED = ['srt', 'vtt', 'json'];

/** A language at the end of a name, as in `talk.en.srt` and `talk.pt-BR.vtt`. */
const LANGUAGE = /\.[a-z]{2,3}(?:-[a-z0-9]{2,8})?$/i;

/**
 * Finds the texts that belong to recordings by their names: `talk.srt` to `talk.mp3` of the same folder. Only where no
 * other file fits as well.
 */
export function pairFiles(files: readonly File[]): Paired {
  const texts = files.filter(({ name }) => transcriptExtension(name) !== null);
  const recordings = files.filter((file) => !texts.includes(file));
  const pairs = recordings.flatMap((recording) => {
    const base = baseOf(recording);
    if (recordings.filter((other) => baseOf(other) === base).length > 1) return [];
    const timed = texts.filter(({ name }) => TIMED.includes(transcriptExtension(name) ?? ''));
    const exact = timed.filter((text) => baseOf(text) === base);
    const fitting =
      exact.length > 0
        ? exact
        : timed.filter((text) => baseOf(text).replace(LANGUAGE, '') === base);
    const [text] = fitting;
    return text && fitting.length === 1 ? [{ recording, text }] : [];
  });
  const isPaired = (file: File) =>
    pairs.some(({ recording, text }) => recording === file || text === file);
  return {
    pairs,
    recordings: recordings.filter((file) => !isPaired(file)),
    texts: texts.filter((file) => !isPaired(file)),
  };
}

/** Whether a file from a folder is a recording, or may be the text of one. */
export function mayBeAdded(file: File): boolean {
  const isText = TIMED.includes(transcriptExtension(file.name) ?? '') && !file.name.startsWith('.');
  return isText || looksLikeMedia(file);
}

/** Files without those texts of folders that belong to no recording: a folder may hold anything. */
export function withoutLoneTexts(files: readonly File[]): File[] {
  const lone = new Set(pairFiles(files).texts.filter((text) => folderOf(text) !== ''));
  return files.filter((file) => !lone.has(file));
}

/** The language that a name says its text is in, BCP 47; `null`: none. */
export function languageIn(fileName: string): string | null {
  return LANGUAGE.exec(bareName(fileName))?.[0].slice(1) ?? null;
}

const baseOf = (file: File) =>
  `${folderOf(file)}/${bareName(file.name).normalize('NFC').toLowerCase()}`;
