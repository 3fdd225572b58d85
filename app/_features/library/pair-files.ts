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
 * Finds the texts that belong to recordings by their names: `talk.srt` to `talk.mp3`. Only where no other file fits
 * as well.
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

const baseOf = ({ name }: File) => bareName(name).normalize('NFC').toLowerCase();
