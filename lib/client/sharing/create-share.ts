import { z } from 'zod';
import { callServer, publicOrigin, putBytes, withRetries } from '@/lib/client/http';
import { columnsOf, joinPeaks, type Playback } from '@/lib/client/playback';
import {
  getMedia,
  getPeaks,
  putShareLink,
  readTranscript,
  removeShareLink,
  type TranscriptRecord,
} from '@/lib/client/store';
import { MAX_AUDIO_BYTES, MAX_DOCUMENT_BYTES, PART_BYTES, sealedBytes } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { MAX_PEAKS, packDocument, type SharedAudio } from './document';
import { Blocks, deriveShareKeys, hashOf, newShareSecret, sealStream } from './envelope';
import { buildShareLink } from './link';

/** What the user chose in the dialog. */
export interface ShareChoices {
  lifetimeS: number;
  /** Empty: none. */
  password: string;
  withAudio: boolean;
}

/** How much was sent, in bytes of ciphertext. */
export interface Transfer {
  doneBytes: number;
  totalBytes: number;
}

interface Options {
  playback: Pick<Playback, 'open'>;
  signal: AbortSignal;
  onProgress: (transfer: Transfer) => void;
}

const EMPTY = z.null();

/**
 * Encrypts a transcript, with its recording if wanted, and uploads it. If it fails or is aborted half-way,
 * it is removed again.
 * @returns the link that opens it; it is kept on this device
 * @throws TOO_LARGE, SOURCE_GONE when the recording is not there, what the server said, ABORTED
 */
export async function createShare(
  record: TranscriptRecord,
  { lifetimeS, password, withAudio }: ShareChoices,
  { playback, signal, onProgress }: Options,
): Promise<string> {
  const secret = newShareSecret();
  const [keys, idHash, media] = await Promise.all([
    deriveShareKeys(secret, password),
    hashOf(secret.id),
    withAudio ? mediaOf(record, playback) : null,
  ]);
  const transcript = await readTranscript(record.id);
  const packed = packDocument({ version: 1, transcript, audio: media?.facts ?? null });
  const sealed = packed.pipeThrough(sealStream(keys.document, 'document'));
  const document = new Uint8Array(await new Response(sealed).arrayBuffer());
  const audioBytes = media ? sealedBytes(media.file.size) : 0;
  if (document.length > MAX_DOCUMENT_BYTES || audioBytes > MAX_AUDIO_BYTES)
    throw new AppError('TOO_LARGE', `${document.length} and ${audioBytes} bytes are too many.`);

  const hasPassword = password !== '';
  const path = `/api/shares/${idHash}`;
  const send = uploader(document.length + audioBytes, { signal, onProgress });
  await callServer('POST', '/api/shares', {
    body: {
      idHash,
      authHash: await hashOf(keys.auth),
      transcriptId: record.id,
      hasPassword,
      documentBytes: document.length,
      audioBytes,
      lifetimeS,
    },
    schema: EMPTY,
    signal,
  });
  try {
    await send(path, document);
    if (media) {
      const audio = media.file.stream().pipeThrough(sealStream(keys.audio, 'audio'));
      let part = 0;
      for await (const bytes of partsOf(audio)) {
        await send(`${path}/parts/${part}`, bytes);
        part += 1;
      }
    }
    // before it can be opened: a link that is out can be copied and revoked here
    await putShareLink({ ...secret, transcriptId: record.id, hasPassword });
    const complete = () => callServer('POST', `${path}/complete`, { schema: EMPTY, signal });
    await withRetries(complete, signal);
  } catch (error) {
    await rollBack(secret.id, record.id, path);
    throw error;
  }
  return buildShareLink(publicOrigin(), { ...secret, hasPassword });
}

async function mediaOf(
  record: TranscriptRecord,
  playback: Pick<Playback, 'open'>,
): Promise<{ file: File; facts: SharedAudio }> {
  // what plays right here plays right there
  const [playable, file, pieces] = await Promise.all([
    playback.open(record.id),
    getMedia(record.id),
    getPeaks(record.id),
  ]);
  // a player would play one track only
  if (record.isTrackPerSpeaker && playable?.kind === 'ready' && playable.problem)
    throw playable.problem;
  const { mediaType, hasVideo, ...found } =
    playable?.kind === 'ready' ? playable : { ...record.source, hasVideo: record.hasVideo, file };
  if (!found.file || found.file.size === 0)
    throw new AppError('SOURCE_GONE', 'The recording is not in this browser any more.');
  const peaks = joinPeaks(pieces, record.durationMs);
  return {
    file: found.file,
    facts: {
      name: record.source.name,
      mediaType,
      sizeBytes: found.file.size,
      hasVideo,
      peaks: [...columnsOf(peaks, Math.min(peaks.length, MAX_PEAKS))],
    },
  };
}

/** Uploads one piece after another, and reports the total progress. */
function uploader(totalBytes: number, { signal, onProgress }: Omit<Options, 'playback'>) {
  let sentBytes = 0;
  return async (path: string, bytes: Uint8Array<ArrayBuffer>) => {
    const report = (doneBytes: number) => onProgress({ doneBytes, totalBytes });
    report(sentBytes);
    const piece = { signal, onProgress: (done: number) => report(sentBytes + done) };
    await withRetries(() => putBytes(path, bytes, piece), signal);
    sentBytes += bytes.length;
    report(sentBytes);
  };
}

async function* partsOf(
  sealed: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const parts = new Blocks(PART_BYTES);
  const reader = sealed.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield* parts.push(value);
    }
    yield parts.last();
  } finally {
    // aborted half-way: releases the file
    await reader.cancel().catch(() => undefined); // it has failed already
  }
}

/** Removes an unfinished share. If that fails, the server removes it later; the original failure is reported. */
async function rollBack(id: string, transcriptId: string, path: string): Promise<void> {
  try {
    await removeShareLink(id, transcriptId);
    await callServer('DELETE', path, { schema: EMPTY });
  } catch (error) {
    console.warn('An unfinished share was left to the server', error);
  }
}
