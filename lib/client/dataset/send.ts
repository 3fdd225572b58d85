import {
  type ContributionRecord,
  type ContributionRefusal,
  listContributions,
  updateContribution,
} from '@/lib/client/store';
import {
  CLIP_PART_BYTES,
  CLIP_SAMPLES,
  type ClipState,
  type EntriesAnswer,
  type NewClip,
  type NewEntry,
} from '@/lib/contracts';
import { AppError, type ErrorCode, throwIfAborted, toAppError } from '@/lib/core';
import type { Clip, ClipCutter, ClipSource, OpenClipSource } from './plan-clips';

type WantedClip = Extract<ClipState, { state: 'wanted' }>;

/** The server's routes for contributors. */
export interface DatasetServer {
  announceClip(clip: NewClip, signal: AbortSignal): Promise<ClipState>;
  /** Sends a part of a clip through the app. @returns the clip's state afterwards */
  upload(to: WantedClip, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<ClipState>;
  /** Sends a whole clip to the store. */
  store(to: WantedClip, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void>;
  give(entries: NewEntry[], signal: AbortSignal): Promise<EntriesAnswer>;
  /** @throws NOT_FOUND if there is no such entry */
  withdraw(id: string, signal: AbortSignal): Promise<void>;
}

export interface SendDependencies {
  server: DatasetServer;
  cutter: Pick<ClipCutter, 'open'>;
  readSource(transcriptId: string): Promise<ClipSource>;
  /** Notified of the contribution that is being sent; `null`: none. */
  onSending(id: string | null): void;
}

/** What one run of `sendAll` needs and remembers. */
type Sending = SendDependencies & { way: { canReachStore: boolean } };

/** Failures that have nothing to do with the clip: sending stops until they have passed. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'ABORTED',
  'OFFLINE',
  'CONNECTION_SLOW',
  'SERVER_BUSY',
  'RATE_LIMITED',
  'UNAUTHENTICATED',
  'STORE_BLOCKED',
  'STORE_FAILED',
  'WORKER_CRASHED',
  'OUT_OF_MEMORY',
]);

/** A clip that is still wanted after this many more uploads than it has parts is left for later. */
const MAX_UPLOADS = 3;

/**
 * Sends everything pending: withdrawals first, then clips with their text, recording by recording in order of
 * time. Every step is idempotent and is stored once done, so an interrupted run resumes with the next call.
 * @throws the server's error when it accepts nothing now, STORE_FAILED, ABORTED
 */
export async function sendAll(given: SendDependencies, signal: AbortSignal): Promise<void> {
  const dependencies = { ...given, way: { canReachStore: true } };
  const { server, onSending } = dependencies;
  try {
    for (;;) {
      const all = await listContributions();
      const withdrawn = all.find(({ state }) => state === 'withdrawing');
      const next = all.find(({ state }) => state === 'waiting');
      if (withdrawn) await sendWithdrawal(server, withdrawn, signal);
      else if (next) await sendRecording(dependencies, next.transcriptId, signal);
      else return;
    }
  } finally {
    onSending(null);
  }
}

async function sendWithdrawal(
  server: DatasetServer,
  { id }: ContributionRecord,
  signal: AbortSignal,
): Promise<void> {
  try {
    await server.withdraw(id, signal);
  } catch (error) {
    // it was withdrawn before it reached the server
    if (toAppError(error).code !== 'NOT_FOUND') throw error;
  }
  await updateContribution(id, () => ({ state: 'withdrawn' }));
}

/** Sends what is pending of one recording; returns early if something is withdrawn meanwhile. */
async function sendRecording(
  { server, cutter, readSource, onSending, way }: Sending,
  transcriptId: string,
  signal: AbortSignal,
): Promise<void> {
  let source: OpenClipSource | null = null;
  try {
    for (;;) {
      throwIfAborted(signal);
      const all = await listContributions(transcriptId);
      const next = all.find(({ state }) => state === 'waiting');
      if (!next || all.some(({ state }) => state === 'withdrawing')) return;
      onSending(next.id);
      try {
        source ??= await cutter.open(await readSource(transcriptId));
        await sendOne({ server, way }, source, next, signal);
      } catch (error) {
        const { code } = toAppError(error);
        if (PASSING.has(code)) throw error;
        console.warn('A clip could not be given', error);
        await refuse(next.id, refusalOf(code));
      }
    }
  } finally {
    await source?.close();
  }
}

function refusalOf(code: ErrorCode): ContributionRefusal {
  if (code.startsWith('SOURCE_')) return 'source';
  if (code.startsWith('DECODE_')) return 'decode';
  return 'invalid';
}

async function sendOne(
  { server, way }: Pick<Sending, 'server' | 'way'>,
  source: OpenClipSource,
  contribution: ContributionRecord,
  signal: AbortSignal,
): Promise<void> {
  const { id, startMs, endMs } = contribution;
  const clip = await source.cut({ startMs, endMs }, signal);
  if (clip.samples < CLIP_SAMPLES.min) return refuse(id, 'length');
  const stored = await sendClip({ server, way }, clip, signal);
  if (stored.state === 'refused') return refuse(id, stored.reason);
  const { refused } = await server.give([entryOf(contribution, clip)], signal);
  const [refusal] = refused;
  if (refusal?.reason === 'withdrawn')
    return updateContribution(id, () => ({ state: 'withdrawn' }));
  if (refusal) return refuse(id, refusal.reason);
  // if it was withdrawn meanwhile, it stays withdrawn, and the withdrawal is sent next
  await updateContribution(id, ({ state }) => (state === 'waiting' ? { state: 'given' } : null));
}

const refuse = (id: string, refusal: ContributionRefusal): Promise<void> =>
  updateContribution(id, ({ state }) =>
    state === 'waiting' ? { state: 'refused', refusal } : null,
  );

function entryOf(contribution: ContributionRecord, clip: Clip): NewEntry {
  const { id, text, asrText, language, level, speaker, recording, modelId, consent } = contribution;
  return {
    id,
    clip: clip.sha256,
    text,
    asrText,
    language,
    level,
    speaker,
    recording,
    modelId,
    consent,
  };
}

/** Sends the bytes of a clip that the server lacks. @returns whether it was stored or refused */
async function sendClip(
  { server, way }: Pick<Sending, 'server' | 'way'>,
  { bytes, sha256, samples }: Clip,
  signal: AbortSignal,
): Promise<Exclude<ClipState, WantedClip>> {
  const announce = () =>
    server.announceClip({ sha256, sizeBytes: bytes.length, samples, ...way }, signal);
  let now = await announce();
  const most = Math.ceil(bytes.length / CLIP_PART_BYTES) + MAX_UPLOADS;
  for (let uploads = 0; now.state === 'wanted'; uploads++) {
    if (uploads === most)
      throw new AppError('SERVER_BUSY', `Clip ${sha256} was sent, and is still wanted.`);
    if (now.upload.to === 'store') {
      await sendToStore({ server, way }, now, bytes, signal);
      now = await announce();
      continue;
    }
    const { offset } = now;
    now = await server.upload(now, bytes.slice(offset, offset + CLIP_PART_BYTES), signal);
  }
  return now;
}

/** If the store fails to take a clip, for whatever reason, it and all later clips of this run go through the app. */
async function sendToStore(
  { server, way }: Pick<Sending, 'server' | 'way'>,
  to: WantedClip,
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await server.store(to, bytes, signal);
  } catch (error) {
    throwIfAborted(signal);
    console.warn('The object store did not take a clip: it goes through the app', error);
    way.canReachStore = false;
  }
}
