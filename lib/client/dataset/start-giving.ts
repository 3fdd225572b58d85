import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { createStore } from 'zustand/vanilla';
import { callServer, putToStore } from '@/lib/client/http';
import {
  addContributions,
  type ContributionRecord,
  getJob,
  getMedia,
  getRecognised,
  getSetting,
  getTranscript,
  libraryLocks,
  listContributions,
  listEdits,
  onChange,
  readTranscript,
  setSetting,
  type TranscriptRecord,
  updateContribution,
} from '@/lib/client/store';
import { retryDelayMs, shouldRetry } from '@/lib/client/sync';
import {
  CONSENT_WORDINGS,
  clipStateSchema,
  type DATASET_LICENCES,
  datasetApi,
  entriesAnswerSchema,
} from '@/lib/contracts';
import { AppError, type ErrorCode, newId, retry, toAppError } from '@/lib/core';
import type { Row } from '@/lib/transcript';
import {
  type CheckLevel,
  type ClipCutter,
  type ClipPlan,
  type ClipSource,
  type PlannedClip,
  planClips,
} from './plan-clips';
import { type DatasetServer, sendAll } from './send';

export type DatasetLicence = (typeof DATASET_LICENCES)[number];

/** The current version of the consent wording; the dialog shows its texts. */
const WORDING = CONSENT_WORDINGS[CONSENT_WORDINGS.length - 1] ?? CONSENT_WORDINGS[0];

/**
 * Stores what the user has agreed to contribute, with the text that was shown; from now on it is sent.
 * @throws NOT_FOUND, STORE_QUOTA, STORE_FAILED
 */
export async function giveClips(
  transcriptId: string,
  clips: readonly PlannedClip[],
  licence: DatasetLicence,
): Promise<void> {
  const [record, key] = await Promise.all([getTranscript(transcriptId), pseudonymKey()]);
  if (!record) throw new AppError('NOT_FOUND', `No transcript ${transcriptId}.`);
  const names = pseudonymsOf(record, key);
  const consent = { wording: WORDING, licence, at: new Date().toISOString() };
  await addContributions(
    clips.map(({ speakerId, ...clip }) => ({
      ...clip,
      id: newId(),
      transcriptId,
      language: record.language,
      speaker: names.speakerOf(speakerId),
      recording: names.recording,
      // the server accepts model ids only in the form that hubs use
      modelId: (record.model?.id ?? 'unknown').replace(/[^\w./:@+-]/g, '-'),
      consent,
      state: 'waiting' as const,
    })),
  );
}

/** Whether a contribution is, or is to be, in the training set. */
export const isGiven = ({ state }: Pick<ContributionRecord, 'state'>): boolean =>
  state === 'waiting' || state === 'given';

/** Withdraws one contribution; the server learns of it as soon as it can be reached. */
export const withdraw = (id: string): Promise<void> =>
  updateContribution(id, (now) => (isGiven(now) ? { state: 'withdrawing' } : null));

/** Withdraws all that was given of a transcript. */
export async function withdrawAll(transcriptId: string): Promise<void> {
  for (const { id } of await listContributions(transcriptId)) await withdraw(id);
}

/** Names that reveal nothing about what they stand for. */
interface Pseudonyms {
  recording: string;
  speakerOf(speakerId: string | null): string;
}

/** What distinguishes a recording and its speakers from others. */
type NamedRecording = Pick<TranscriptRecord, 'source' | 'durationMs' | 'speakers'>;

/**
 * Pseudonyms of a recording and its speakers. A recording keeps its pseudonym when it is transcribed again, and
 * a speaker keeps theirs across recordings that use the same name. Names that end in a digit (`Speaker 1`) are
 * specific to one recording.
 * @param key the library's secret, in hexadecimal: without it nobody can find a name by trying candidates
 */
export function pseudonymsOf(
  { source, durationMs, speakers }: NamedRecording,
  key: string,
): Pseudonyms {
  const named = (...parts: (string | number)[]) =>
    bytesToHex(hmac(sha256, hexToBytes(key), utf8ToBytes(JSON.stringify(parts)))).slice(0, 32);
  const recording = named('recording', source.name, source.sizeBytes, durationMs);
  return {
    recording,
    speakerOf(speakerId) {
      const name = speakers?.find(({ id }) => id === speakerId)?.name.trim();
      return name === undefined || /\d$/.test(name)
        ? named('speaker', recording, name ?? '')
        : named('speaker', name.toLowerCase());
    },
  };
}

/** The secret of this library, generated on first use. */
async function pseudonymKey(): Promise<string> {
  const known = await getSetting('pseudonymKey');
  if (known) return known;
  const made = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  await setSetting('pseudonymKey', made);
  return made;
}

/** The reader marks words below this confidence as doubtful: a row that still has one is not confirmed. */
const UNSURE_BELOW = 0.5;

/** The clips of a transcript that can be contributed. @throws NOT_FOUND, STORE_FAILED */
export async function readClips(transcriptId: string): Promise<ClipPlan> {
  const [{ segments, durationMs }, recognised, edits] = await Promise.all([
    readTranscript(transcriptId),
    getRecognised(transcriptId),
    listEdits(transcriptId),
  ]);
  const confirmed = new Set(
    edits
      .filter(({ kind }) => kind === 'confirm')
      .flatMap(({ patch }) => patch.added.map(({ id }) => id)),
  );
  return planClips({
    rows: segments.map((segment, index) => ({ ...segment, index })),
    recognised,
    levelOf: (row) => levelOf(row, confirmed),
    durationMs,
  });
}

/** `confirmed` if the user went through the row's doubtful words and none is left, else `edited` if it was edited. */
function levelOf({ id, edited, words }: Row, confirmed: ReadonlySet<string>): CheckLevel | null {
  const isSure = words.every(({ confidence }) => confidence >= UNSURE_BELOW);
  if (confirmed.has(id) && isSure) return 'confirmed';
  return edited ? 'edited' : null;
}

/** The kept recording of a transcript. @throws SOURCE_GONE */
export async function readClipSource(transcriptId: string): Promise<ClipSource> {
  const [record, job, media] = await Promise.all([
    getTranscript(transcriptId),
    getJob(transcriptId),
    getMedia(transcriptId),
  ]);
  if (!record || !media)
    throw new AppError('SOURCE_GONE', `The recording of ${transcriptId} is not kept here.`);
  return { media, track: record.audioTrack?.index ?? null, decoder: job?.decoder ?? null };
}

const LOCK_NAME = 'ai2text:giving';

/** Consecutive attempts before it waits for the next occasion. */
const ATTEMPTS = 6;

/** What this tab is sending, and why nothing can be sent. */
export const givingStore = createStore<{ sending: string | null; problem: ErrorCode | null }>(
  () => ({ sending: null, problem: null }),
);

interface GivingOptions {
  createCutter(): ClipCutter;
  /** The server no longer knows the session. */
  onSignedOut(): void;
  /** The app's own server, unless another is named. */
  server?: DatasetServer;
}

/**
 * Sends contributions while a user is signed in, in one tab at a time: when something is stored, and when the page
 * opens, is shown again or is back online. There is no timer except for retries after transient failures.
 * @returns stops it; the next page sends what is left
 */
export function startGiving({
  createCutter,
  onSignedOut,
  server = datasetServer,
}: GivingOptions): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let isRunning = false;
  let isWanted = false;

  const send = async () => {
    const cutter = createCutter();
    try {
      const dependencies = {
        server,
        cutter,
        readSource: readClipSource,
        onSending: (sending: string | null) => givingStore.setState({ sending }),
      };
      await libraryLocks().request(LOCK_NAME, { signal }, () => sendAll(dependencies, signal));
    } finally {
      cutter.dispose();
    }
  };
  const run = async () => {
    isRunning = true;
    try {
      while (isWanted && !signal.aborted) {
        isWanted = false;
        if (!(await isWaiting())) break;
        await retry(send, {
          attempts: ATTEMPTS,
          delayMs: (failures, error) => retryDelayMs(failures, error),
          isRetryable: (error) => shouldRetry(0, error),
          signal,
        });
        givingStore.setState({ problem: null });
      }
    } catch (error) {
      const { code } = toAppError(error);
      if (code === 'UNAUTHENTICATED') onSignedOut();
      if (!signal.aborted) {
        console.warn('What was given could not be sent', error);
        givingStore.setState({ problem: code });
      }
    } finally {
      isRunning = false;
    }
  };
  const ask = () => {
    isWanted = true;
    if (!isRunning && !signal.aborted) void run();
  };

  ask();
  window.addEventListener('online', ask, { signal });
  document.addEventListener(
    'visibilitychange',
    () => document.visibilityState === 'visible' && ask(),
    { signal },
  );
  const stopListening = onChange(({ kind }) => {
    if (kind === 'contributions') ask();
  });
  return () => {
    stop.abort();
    stopListening();
    givingStore.setState({ sending: null, problem: null });
  };
}

async function isWaiting(): Promise<boolean> {
  const all = await listContributions();
  return all.some(({ state }) => state === 'waiting' || state === 'withdrawing');
}

/** The server of this page. */
export const datasetServer: DatasetServer = {
  announceClip: (body, signal) =>
    callServer('POST', datasetApi.announceClip.path, { body, schema: clipStateSchema, signal }),
  upload: ({ offset, upload: { url, headers } }, bytes, signal) =>
    callServer('PUT', `${url}?offset=${offset}`, {
      body: bytes,
      headers,
      schema: clipStateSchema,
      signal,
    }),
  store: ({ upload }, bytes, signal) => putToStore(upload, bytes, 'training-set', { signal }),
  give: (entries, signal) =>
    callServer('POST', datasetApi.give.path, {
      body: { entries },
      schema: entriesAnswerSchema,
      signal,
    }),
  async withdraw(id, signal) {
    await callServer('DELETE', `/api/dataset/entries/${id}`, { schema: z.null(), signal });
  },
};
