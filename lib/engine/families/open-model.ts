import {
  type DraftModel,
  isRecogniserModel,
  type ModelFile,
  type PublishedModel,
  type RecogniserModel,
} from '@/lib/catalogue';
import { AppError } from '@/lib/core';
import type { Backend, BatchLimits, LoadParams, ModelFiles, SpeechModel } from '@/lib/engine';
import { openAligner, optionalAligner, type TimingAligner } from '@/lib/engine/alignment';
import type { InferenceRuntime } from '@/lib/engine/runtime';
import { openCtc, openPhoneCtc } from './ctc';
import { openMoonshine } from './moonshine';
import { openNemoCtc, openTdt } from './nemo';
import { openWhisper } from './whisper';

/** Where a worker finds the bytes of models. */
export interface ModelSources {
  /** A file that the app serves, checked against the catalogue. */
  fetchFile(file: ModelFile, baseUrl: string, signal: AbortSignal): Promise<ArrayBuffer>;
  /** The files of a downloaded model. @throws NOT_FOUND when they are not all there */
  openInstalled(id: string, backend: Backend): Promise<ModelFiles>;
}

/** Second half of loading: makes the model that was found ready to run. */
export type ModelOpener = (runtime: InferenceRuntime) => Promise<SpeechModel>;

/**
 * Finds the files of a model. Memory is needed only for what is returned: a model that cannot be fetched
 * leaves the one in use alone.
 * @param limits limits of one run of the built-in network
 * @throws OFFLINE, MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH, MODEL_NOT_INSTALLED
 */
export async function findModel(
  { model, aligner, modelsUrl }: LoadParams,
  backend: Backend,
  limits: BatchLimits,
  sources: ModelSources,
  signal: AbortSignal,
): Promise<ModelOpener> {
  const embedded = (entry: DraftModel) => fetchBuiltIn(entry, backend, sources, modelsUrl, signal);
  if (model.family === 'ctc') {
    const files = await embedded(model);
    const options = { search: model.search, limits, language: languageOf(model) };
    return (runtime) => openCtc(runtime, files, options);
  }
  if (!isRecogniserModel(model))
    throw new AppError('MODEL_UNSUPPORTED', `Model "${model.id}" recognises no words.`);
  const files = await sources.openInstalled(model.id, backend);
  // a phone network gives the times itself
  const timing = model.family === 'phone-ctc' ? null : aligner;
  const forTimes = timing && { entry: timing, files: await embedded(timing) };
  const open = OPENERS[model.family];
  return (runtime) => {
    const words =
      forTimes &&
      optionalAligner(languageOf(forTimes.entry), () =>
        openAligner(runtime, forTimes.files, forTimes.entry),
      );
    return open(runtime, files, model, words, limits);
  };
}

const OPENERS: Record<
  RecogniserModel['family'],
  (
    runtime: InferenceRuntime,
    files: ModelFiles,
    model: PublishedModel,
    aligner: TimingAligner | null,
    limits: BatchLimits,
  ) => Promise<SpeechModel>
> = {
  'nemo-ctc': openNemoCtc,
  tdt: openTdt,
  'phone-ctc': (runtime, files, model, _, limits) =>
    openPhoneCtc(runtime, files, { limits, language: languageOf(model) }),
  moonshine: openMoonshine,
  whisper: openWhisper,
};

/**
 * The files of the model that ships with the app.
 * @throws OFFLINE, MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH
 */
export async function fetchBuiltIn(
  entry: DraftModel,
  backend: Backend,
  sources: Pick<ModelSources, 'fetchFile'>,
  modelsUrl: string,
  signal: AbortSignal,
) {
  const { network, vocabulary, languageModel } = entry.backends[backend].files;
  const [graph, units, words] = await Promise.all(
    [network, vocabulary, languageModel].map((file) => sources.fetchFile(file, modelsUrl, signal)),
  );
  if (!graph || !units || !words)
    throw new AppError('MODEL_DOWNLOAD_FAILED', 'A model file is missing.');
  return {
    network: new Uint8Array(graph),
    vocabulary: new Uint8Array(units),
    languageModel: new Uint8Array(words),
  };
}

/** BCP 47 of what a model writes; `und` for one that knows several languages. */
export function languageOf({ languages }: Pick<DraftModel | PublishedModel, 'languages'>): string {
  return languages.length === 1 ? (languages[0] ?? 'und') : 'und';
}
