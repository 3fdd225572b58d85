import { createStore } from 'zustand/vanilla';
import { getApp, getDocuments } from '@/app/_features/app';
import { attempt, folderOf, formatBytes, looksLikeMedia, showToast } from '@/app/_features/ui';
import type { JobView, SpeakerFile } from '@/lib/client/jobs';
import {
  deleteRemoteTranscript,
  importTranscript,
  restoreRemoteTranscript,
  setDeleted,
  setTitle,
} from '@/lib/client/store';
import { bareName, isolated } from '@/lib/core';
import { transcriptExtension } from '@/lib/import';
import type { Transcript } from '@/lib/transcript';
import { t } from './messages';

/** Files that were added together. */
interface Paired {
  /** Recordings that have a text of their own. */
  pairs: { recording: File; text: File }[];
  recordings: File[];
  /** Transcripts without a recording. */
  texts: File[];
}

/** Extensions of texts with times; a document may have none. */
const TIMED = ['srt', 'vtt', 'json'];

/** A language at the end of a name, as in `talk.en.srt` and `talk.pt-BR.vtt`. */
const LANGUAGE = /\.[a-z]{2,3}(?:-[a-z0-9]{2,8})?$/i;

/**
 * Matches texts to recordings by their names, such as `talk.srt` to `talk.mp3` of the same folder, unless several
 * files match.
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

/** Drops texts in folders that belong to no recording: a folder may hold anything. */
export function withoutLoneTexts(files: readonly File[]): File[] {
  const lone = new Set(pairFiles(files).texts.filter((text) => folderOf(text) !== ''));
  return files.filter((file) => !lone.has(file));
}

/** The language that a name says its text is in, BCP 47; `null`: none. */
function languageIn(fileName: string): string | null {
  return LANGUAGE.exec(bareName(fileName))?.[0].slice(1) ?? null;
}

const baseOf = (file: File) =>
  `${folderOf(file)}/${bareName(file.name).normalize('NFC').toLowerCase()}`;

/** Recordings that were added together last, in their order, with their jobs; none once the user has decided. */
export const justAdded = createStore<{ files: { id: string; file: File }[] }>(() => ({
  files: [],
}));

/** A recording that was added with the text of another file. */
interface WithText {
  /** Of their transcript. */
  id: string;
  recording: File;
  text: File;
}

/** Recordings that were added with their texts, until the user has seen it. */
export const withText = createStore<{
  added: WithText[];
  /** Which recording is being read for it, and how much of it is read, 0 to 1. */
  reading: { fileName: string; share: number } | null;
}>(() => ({ added: [], reading: null }));

/** Queues recordings and imports transcripts of other programs; a recording gets the text of the same name. */
export async function addFiles(files: File[]): Promise<void> {
  const { pairs, recordings, texts } = pairFiles(files);
  if (recordings.length > 0) await queueFiles(recordings);
  for (const file of texts) await importFile(file);
  for (const { recording, text } of pairs) await addWithText(recording, text);
}

const queueFiles = (files: File[]) =>
  attempt(async () => {
    justAdded.setState({ files: await getApp().commands.add(files) }, true);
  });

/** The message for a file that contains no transcript. */
const notRead = ({ name }: File) => ({
  SOURCE_UNREADABLE: t('noTranscript', { fileName: isolated(name) }),
});

/** The transcript in a file; `null`: it cannot be read, which the page says. */
async function readText(file: File): Promise<Transcript | null> {
  const read: Transcript[] = [];
  await attempt(async () => {
    read.push(await getDocuments().read(file));
  }, notRead(file));
  return read[0] ?? null;
}

async function importFile(file: File): Promise<void> {
  const transcript = await readText(file);
  if (transcript && (await attempt(() => importTranscript(transcript))))
    showToast({ text: t('imported', { fileName: isolated(file.name) }) });
}

/** Adds a recording with its existing text; if one of them cannot be read, the other is added by itself. */
async function addWithText(recording: File, text: File): Promise<void> {
  const read = await readText(text);
  if (!read) {
    await queueFiles([recording]);
    return;
  }
  // subtitles have no title of their own
  const title = transcriptExtension(text.name) === 'json' ? read.title : bareName(recording.name);
  const hasCues = transcriptExtension(text.name) !== 'json';
  const language = (hasCues && languageIn(text.name)) || read.language;
  const transcript = { ...read, title, language };
  const onProgress = (share: number) =>
    withText.setState({ reading: { fileName: recording.name, share } });
  onProgress(0);
  try {
    const id = await getApp().commands.addWithText(recording, transcript, { hasCues, onProgress });
    withText.setState(({ added }) => ({ added: [...added, { id, recording, text }] }));
  } catch (error) {
    console.warn('A recording was not joined with its text', error);
    // its job says what is wrong with the recording
    await queueFiles([recording]);
    await importFile(text);
  } finally {
    withText.setState({ reading: null });
  }
}

/** Has recordings transcribed that were added with a text, which is deleted. */
export async function transcribeInstead(): Promise<void> {
  const { added } = withText.getState();
  withText.setState({ added: [] });
  if (!(await queueFiles(added.map(({ recording }) => recording)))) return;
  for (const { id, text } of added) await deleteTranscript(id, text.name);
}

/** Makes one recording of files that were just added each by itself; what that had written is deleted. */
export const joinFiles = (ids: readonly string[], parts: SpeakerFile[]) =>
  attempt(async () => {
    await getApp().commands.addAsOne(parts);
    justAdded.setState({ files: [] }, true);
    for (const id of ids) await setDeleted(id, true);
  });

/** Holds a job where it is, or before it begins. */
export const pauseJob = (id: string) => attempt(() => getApp().commands.pause(id));
/** Puts a held job back into the queue. */
export const resumeJob = (id: string) => attempt(() => getApp().commands.resume(id));
/** Moves a job one place up or down. */
export const moveJob = (id: string, by: -1 | 1) => attempt(() => getApp().commands.move(id, by));

/** Tries a stopped job again; a file chosen again must be the same recording. */
export async function retryJob(job: JobView, file?: File): Promise<void> {
  const size = formatBytes(job.sizeBytes);
  await attempt(() => getApp().commands.retry(job.id, file), {
    BAD_REQUEST: t('anotherRecording', { fileName: isolated(job.fileName), size }),
  });
}

/** Transcribes another audio track, in place of the text that is there. */
export const transcribeTrack = (id: string, track: number) =>
  attempt(() => getApp().commands.transcribeTrack(id, track));

/** Transcribes each audio track as one of these speakers, in place of the text that is there. */
export const transcribeTracks = (id: string, speakers: string[]) =>
  attempt(() => getApp().commands.transcribeTracks(id, speakers));

/** Transcribes a finished recording once more. */
export const transcribeAgain = (id: string) => attempt(() => getApp().commands.transcribeAgain(id));

/** Resumes a second pass, in which a better model replaces a text. */
export const resumeSecondPass = (id: string) =>
  attempt(async () => {
    await getApp().modelChoice.clearFailure();
    await getApp().commands.resumeSecondPass(id);
  });

/**
 * Deletes a job with its text, and offers to undo that. For a second pass, only the pass is ended: the text stays.
 */
export async function cancelJob({
  id,
  fileName,
  isSecondPass,
  error,
}: Pick<JobView, 'id' | 'fileName' | 'isSecondPass' | 'error'>): Promise<void> {
  const { commands } = getApp();
  // if the better model found no speech, there is no text to keep
  if (isSecondPass && error?.code !== 'NO_SPEECH') {
    if (await attempt(() => commands.stopSecondPass(id)))
      showToast({
        text: t('keepsText', { fileName: isolated(fileName) }),
        action: { label: t('undo'), run: () => void resumeSecondPass(id) },
      });
    return;
  }
  if (!(await attempt(() => setDeleted(id, true)))) return;
  showToast({
    text: t('removedFromQueue', { fileName: isolated(fileName) }),
    action: { label: t('undo'), run: () => void attempt(() => setDeleted(id, false)) },
  });
}

/** Deletes a transcript, with its job where that is not finished, and offers to bring it back. */
export async function deleteTranscript(id: string, title: string): Promise<boolean> {
  const done = await attempt(() => setDeleted(id, true));
  if (done)
    showToast({
      text: t('deleted', { title: isolated(title) }),
      action: {
        label: t('undo'),
        run: () => void attempt(() => setDeleted(id, false)),
      },
    });
  return done;
}

/** Deletes a transcript of another device, there too, and offers to bring it back. */
export async function deleteFromAll(id: string, title: string): Promise<boolean> {
  let gone: Awaited<ReturnType<typeof deleteRemoteTranscript>> = null;
  const done = await attempt(async () => {
    gone = await deleteRemoteTranscript(id);
  });
  if (done)
    showToast({
      text: t('deletedEverywhere', { title: isolated(title) }),
      action: {
        label: t('undo'),
        run: () => void attempt(async () => gone && restoreRemoteTranscript(gone)),
      },
    });
  return done;
}

/** Says that transcripts of this device were deleted on another one, and offers to keep them. */
export function reportDeletions(transcripts: { id: string; title: string }[]): void {
  const [first, ...others] = transcripts;
  if (!first) return;
  showToast({
    text:
      others.length === 0
        ? t('oneDeletedElsewhere', { title: isolated(first.title) })
        : t('severalDeletedElsewhere', { count: transcripts.length }),
    action: {
      label: t('undo'),
      run: () =>
        void attempt(() => Promise.all(transcripts.map(({ id }) => setDeleted(id, false)))),
    },
  });
}

/** Gives a transcript another title. @returns whether it was stored; a failure is shown */
export const renameTranscript = (id: string, title: string): Promise<boolean> =>
  attempt(() => setTitle(id, title));
