import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  getJob,
  getMedia,
  getTranscript,
  hasQuotaFor,
  type PlayableRecord,
  playableFile,
  removePlayable,
  soundOf,
  type TranscriptRecord,
  updateTranscript,
} from '@/lib/client/store';
import { AppError, toAppError } from '@/lib/core';
import { BUNDLE_TYPE, isWholeCopy, neededCopy, probe } from '@/lib/engine/audio';
import type { PlayableWriter } from './writer';

/** What the player uses. */
export type Playable =
  | {
      kind: 'ready';
      file: File;
      mediaType: string;
      hasVideo: boolean;
      /** Why it is the recording itself although its playback positions are wrong; else `null`. */
      problem: AppError | null;
    }
  /** A copy is made once its transcription has finished. */
  | { kind: 'later' };

/** Increased when copies are made in another way. */
const VERSION = 1;

/** Held by the tab that makes a copy; the others wait for it. */
const LOCK = 'ai2text:playable:';

/** How long a player may take to report the duration of a local file. */
const PLAYER_TIMEOUT_MS = 15_000;

/** Upper estimate of audio without video, in bytes a second. */
const SOUND_BYTES_PER_SECOND = 16_000;
/** Share that an index adds to copied packets. */
const INDEX_SHARE = 0.25;

/** Opens recordings for the player. */
export interface Playback {
  /** Progress of copies in the making, in percent by transcript. */
  readonly progress: StoreApi<Record<string, number>>;
  /**
   * What to play of a transcript's stored recording: itself if the browser plays it exactly, else a copy
   * that it does play exactly, made and stored at the first call.
   * @returns `null` if there is no recording
   * @throws STORE_FAILED
   */
  open(id: string): Promise<Playable | null>;
}

/** @param createWriter makes the worker that writes copies; called with the first copy */
export function createPlayback(createWriter: () => PlayableWriter): Playback {
  const progress = createStore<Record<string, number>>(() => ({}));
  let writer: PlayableWriter | null = null;
  const copier: Copier = {
    write: (order, options) => {
      writer ??= createWriter();
      return writer.write(order, options);
    },
    progress,
  };
  return { progress, open: (id) => openPlayable(id, copier) };
}

/** What copying needs: the writer, and where its progress is shown. */
type Copier = Pick<PlayableWriter, 'write'> & Pick<Playback, 'progress'>;

async function openPlayable(id: string, copier: Copier): Promise<Playable | null> {
  const [record, file] = await Promise.all([getTranscript(id), getMedia(id)]);
  if (!record || !file) return null;
  const { mediaType } = record.source;
  const itself = { kind: 'ready', file, mediaType, hasVideo: record.hasVideo } as const;
  const from = await copyOf(record, file);
  if (from === null) return { ...itself, problem: null };
  const kept = await keptCopy(record);
  if (kept) return kept;
  // decoding it twice at once would delay its transcription
  if (from === 'sound' && record.state === 'partial') return { kind: 'later' };
  try {
    return await navigator.locks.request(LOCK + id, async () => {
      const now = (await getTranscript(id)) ?? record;
      return (await keptCopy(now)) ?? (await makeCopy(now, file, from, copier));
    });
  } catch (error) {
    console.warn('The recording is played as it is', error);
    return { ...itself, problem: toAppError(error, 'DECODE_FAILED') };
  }
}

async function copyOf(record: TranscriptRecord, file: File): Promise<'packets' | 'sound' | null> {
  const track = soundOf(record);
  // players play one track only, and no files that were put together
  if (track === 'all' || record.source.mediaType === BUNDLE_TYPE) return 'sound';
  const [{ frames }, job] = await Promise.all([probe(file), getJob(record.id)]);
  const facts = {
    frames,
    decoder: job?.decoder ?? null,
    track,
    notices: record.notices,
    durationMs: record.state === 'complete' ? record.durationMs : null,
    hasVideo: record.hasVideo,
  };
  // the player is asked only if nothing else decides
  const decided = neededCopy({ ...facts, durationMs: null, playerSeconds: 0 });
  return decided ?? neededCopy({ ...facts, playerSeconds: await playerSeconds(file) });
}

/** The copy that was made before, if it is the one that is wanted. */
async function keptCopy(record: TranscriptRecord): Promise<Playable | null> {
  const { id, playable } = record;
  if (playable?.version !== VERSION || playable.track !== soundOf(record)) return null;
  const file = await (await playableFile(id)).getFile();
  const { mediaType, hasVideo, sizeBytes } = playable;
  return file.size === sizeBytes
    ? { kind: 'ready', file, mediaType, hasVideo, problem: null }
    : null;
}

async function makeCopy(
  record: TranscriptRecord,
  source: File,
  from: 'packets' | 'sound',
  { write, progress }: Copier,
): Promise<Playable | null> {
  const { id, durationMs, state } = record;
  const job = await getJob(id);
  const wholeMs = state === 'complete' ? durationMs : null;
  const alone = from === 'packets' && !record.hasVideo;
  const soundBytes = alone
    ? source.size * (1 + INDEX_SHARE)
    : (durationMs / 1000) * SOUND_BYTES_PER_SECOND;
  if (!(await hasQuotaFor(soundBytes)))
    throw new AppError('STORE_QUOTA', `No room for a copy of ${soundBytes} bytes.`);
  // the audio matters more: without space for both the video is left out
  const withVideo = record.hasVideo && (await hasQuotaFor(source.size + soundBytes));
  const handle = await playableFile(id);
  const track = soundOf(record);
  const decoder = job?.decoder === 'ffmpeg' ? 'ffmpeg' : 'auto';
  const order = { source, file: handle, track, withVideo, decoder } as const;
  const onProgress = (doneMs: number) =>
    progress.setState({
      [id]: durationMs > 0 ? Math.min(100, (doneMs / durationMs) * 100) : 0,
    });
  try {
    let written = await write({ ...order, from }, { onProgress });
    if (from === 'packets' && !isWholeCopy(written.durationMs, wholeMs))
      written = await write({ ...order, from: 'sound' }, { onProgress });
    const { mediaType, sizeBytes, hasVideo } = written;
    const playable: PlayableRecord = { version: VERSION, track, mediaType, sizeBytes, hasVideo };
    await updateTranscript(id, { playable });
    return { kind: 'ready', file: await handle.getFile(), mediaType, hasVideo, problem: null };
  } catch (error) {
    await removePlayable(id);
    throw error;
  } finally {
    progress.setState(({ [id]: _done, ...others }) => others, true);
  }
}

/** A file's duration according to the browser's player; `null` if it cannot play it. */
async function playerSeconds(file: File): Promise<number | null> {
  const element = document.createElement('video');
  const url = URL.createObjectURL(file);
  try {
    return await new Promise<number | null>((resolve) => {
      element.addEventListener('loadedmetadata', () => resolve(element.duration));
      element.addEventListener('error', () => resolve(null));
      setTimeout(() => resolve(null), PLAYER_TIMEOUT_MS);
      element.preload = 'metadata';
      element.src = url;
    });
  } finally {
    element.removeAttribute('src');
    URL.revokeObjectURL(url);
  }
}
