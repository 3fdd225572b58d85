import { firstList, type ListedModel, type ModelLibrary } from '@/lib/client/model-library';
import { getJob, getMedia, getTranscript, readTranscript, soundOf } from '@/lib/client/store';
import { AppError, throwIfAborted } from '@/lib/core';
import { type MediaInfo, type PcmChunk, SAMPLES_PER_MS, type TrackIndex } from '@/lib/engine/audio';
import {
  assignSpeakers,
  type Diarised,
  type SpeakerCount,
  type SpeakerRun,
  type SpeakerTurn,
} from '@/lib/engine/diarisation';
import type { Decoder, Segmenter } from '@/lib/engine/pipeline';
import type { Word } from '@/lib/transcript';

/** Ids of the installed models that tell speakers apart. */
export interface SpeakerModelIds {
  /** `null`: there is none, and only speech that a VAD has found is pushed. */
  segmentation: string | null;
  embedding: string;
}

/** Tells the speakers of one recording apart, in a worker of its own. Embeddings stay in its memory. */
export interface Diariser {
  open(models: SpeakerModelIds, signal?: AbortSignal): Promise<void>;
  /** Takes the next sound, 16 kHz: all of it, or speech only if there is no segmentation model. */
  push(sound: { startSample: number; pcm: Float32Array }, signal?: AbortSignal): Promise<void>;
  finish(count: SpeakerCount, signal?: AbortSignal): Promise<Diarised>;
  /** Labels the same recording with another number of speakers: takes milliseconds. */
  recount(count: SpeakerCount): Promise<Diarised>;
  /** Ends the worker: embeddings are gone. */
  dispose(): void;
}

/** The installed models that tell speakers apart, of each kind the first in the list. */
export interface InstalledSpeakerModels {
  /** Without it, changes of speaker are less exact, and overlaps are not found. */
  segmentation: ListedModel | null;
  /** Without it, speakers cannot be told apart. */
  embedding: ListedModel | null;
}

/** @param list of the model library; `null` while it is not known */
export function installedSpeakerModels(
  list: readonly ListedModel[] | null,
): InstalledSpeakerModels {
  const first = (family: ListedModel['model']['family']) =>
    (list ?? []).find(
      ({ model, state }) =>
        model.family === family && state.state === 'installed' && state.backends.includes('wasm'),
    ) ?? null;
  return { segmentation: first('speaker-segmentation'), embedding: first('speaker-embedding') };
}

/**
 * Reads what labels need of a stored transcript.
 * @throws NOT_FOUND, SOURCE_GONE
 */
export async function readLabelSource(transcriptId: string): Promise<LabelSource> {
  const [transcript, record, job, media] = await Promise.all([
    readTranscript(transcriptId),
    getTranscript(transcriptId),
    getJob(transcriptId),
    getMedia(transcriptId),
  ]);
  if (!media)
    throw new AppError('SOURCE_GONE', `The recording of ${transcriptId} is not kept here.`);
  return {
    segments: transcript.segments,
    durationMs: transcript.durationMs,
    media,
    track: record ? soundOf(record) : null,
    decoder: job?.decoder ?? null,
  };
}

/** Which speaker says which words. Never stored. */
export interface SpeakerLabels {
  /** Speakers that say words; numbered from 0, in the order in which they first do. */
  speakers: number;
  /** All segments of the transcript, in its order; runs are all words of a segment, in order. */
  segments: { segmentId: string; runs: SpeakerRun[] }[];
  /** Who speaks when, whether words were recognised or not. */
  turns: SpeakerTurn[];
}

/** Labels of one recording, for any number of speakers. */
export interface SpeakerLabelling extends SpeakerLabels {
  /** The labels for another number of speakers, for the transcript as it was read: takes milliseconds. */
  recluster(count: SpeakerCount): Promise<SpeakerLabels>;
  /** Ends the worker: embeddings, which are biometric, are gone. */
  release(): void;
}

export interface LabelOptions {
  speakers: SpeakerCount;
}

export interface LabelCallbacks {
  signal?: AbortSignal;
  /** Called with the share of the recording that was processed, 0 to 1. */
  onProgress?: (share: number) => void;
}

/** A transcript's words, and its recording. */
export interface LabelSource {
  segments: readonly { id: string; words: readonly Word[] }[];
  durationMs: number;
  media: Blob;
  /** The sound that was transcribed. */
  track: TrackIndex | null;
  decoder: MediaInfo['decoder'] | null;
}

export interface LabelDependencies {
  models: ModelLibrary;
  /** @throws NOT_FOUND (no such transcript), SOURCE_GONE (its recording is not kept) */
  read(transcriptId: string): Promise<LabelSource>;
  /** Each makes a worker of its own, that is ended afterwards. */
  createDecoder(): Decoder & { dispose(): void };
  createSegmenter(): Segmenter & { dispose(): void };
  createDiariser(): Diariser;
}

/**
 * Tells the speakers of a transcript's recording apart, and gives its words to them.
 * @throws MODEL_NOT_INSTALLED (no embedding model), NOT_FOUND, SOURCE_GONE, DIARISE_FAILED, ABORTED, and the
 * errors of decoding
 */
export async function labelSpeakers(
  transcriptId: string,
  { speakers }: LabelOptions,
  { signal = new AbortController().signal, onProgress = () => undefined }: LabelCallbacks,
  dependencies: LabelDependencies,
): Promise<SpeakerLabelling> {
  const { segmentation, embedding } = installedSpeakerModels(await firstList(dependencies.models));
  if (!embedding)
    throw new AppError('MODEL_NOT_INSTALLED', 'No model that compares voices is on this device.');
  const source = await dependencies.read(transcriptId);
  throwIfAborted(signal);
  const diariser = dependencies.createDiariser();
  try {
    const models = { segmentation: segmentation?.model.id ?? null, embedding: embedding.model.id };
    await diariser.open(models, signal);
    const diarise = segmentation ? diariseEverything : diariseSpeech;
    await diarise(source, diariser, { signal, onProgress }, dependencies);
    const found = await diariser.finish(speakers, signal);
    return {
      ...labelsOf(source.segments, found),
      recluster: async (count) => labelsOf(source.segments, await diariser.recount(count)),
      release: () => diariser.dispose(),
    };
  } catch (error) {
    diariser.dispose();
    throw error;
  }
}

async function diariseEverything(
  source: LabelSource,
  diariser: Diariser,
  callbacks: Required<LabelCallbacks>,
  dependencies: LabelDependencies,
): Promise<void> {
  await decode(source, callbacks, dependencies, (chunk) => diariser.push(chunk, callbacks.signal));
}

async function diariseSpeech(
  source: LabelSource,
  diariser: Diariser,
  callbacks: Required<LabelCallbacks>,
  dependencies: LabelDependencies,
): Promise<void> {
  const { signal } = callbacks;
  const segmenter = dependencies.createSegmenter();
  try {
    const session = await segmenter.open(null, signal);
    await decode(source, callbacks, dependencies, async (chunk) => {
      for (const speech of await session.push(chunk, signal)) await diariser.push(speech, signal);
    });
    for (const speech of await session.finish(signal)) await diariser.push(speech, signal);
  } finally {
    segmenter.dispose();
  }
}

/** Decodes a recording block by block: no more of it is in memory at a time. */
async function decode(
  { media, track, decoder: how, durationMs }: LabelSource,
  { signal, onProgress }: Required<LabelCallbacks>,
  { createDecoder }: LabelDependencies,
  take: (chunk: PcmChunk) => Promise<void>,
): Promise<void> {
  const decoder = createDecoder();
  try {
    const session = await decoder.open(media, { startSample: 0, track, decoder: how, signal });
    for (;;) {
      const chunk = await session.read(signal);
      if (!chunk) break;
      await take(chunk);
      const doneMs = (chunk.startSample + chunk.pcm.length) / SAMPLES_PER_MS;
      if (durationMs > 0) onProgress(Math.min(1, doneMs / durationMs));
    }
  } finally {
    decoder.dispose();
  }
}

function labelsOf(segments: LabelSource['segments'], { turns }: Diarised): SpeakerLabels {
  const runs = assignSpeakers(
    segments.map(({ words }) => words),
    turns,
  );
  // a turn may have no words: the others are numbered without it
  const numbers = new Map<number, number>();
  for (const { speaker } of runs.flat())
    if (speaker !== null && !numbers.has(speaker)) numbers.set(speaker, numbers.size);
  const numberOf = (speaker: number) => {
    const number = numbers.get(speaker) ?? numbers.size;
    numbers.set(speaker, number);
    return number;
  };
  const speakers = numbers.size;
  return {
    speakers,
    segments: segments.map(({ id }, at) => ({
      segmentId: id,
      runs: (runs[at] ?? []).map((run) => ({
        ...run,
        speaker: run.speaker === null ? null : numberOf(run.speaker),
      })),
    })),
    turns: turns.map((turn) => ({ ...turn, speaker: numberOf(turn.speaker) })),
  };
}
