import type { StoreApi } from 'zustand/vanilla';
import { memoizePromise, once } from '@/lib/core';
import type { BackendChoice } from '@/lib/engine';
import { createAligner } from '@/workers/align/client';
import { createAsrWasmClient } from '@/workers/asr-wasm/client';
import { createAsrWebGpuClient } from '@/workers/asr-webgpu/client';
import { addCaptureNode } from '@/workers/capture/client';
import { createClipCutter } from '@/workers/clips/client';
import { createDecoder } from '@/workers/decode/client';
import { createDiariser } from '@/workers/diarise/client';
import { createAskHub, createFileTransfers } from '@/workers/download/client';
import { createPlayableWriter } from '@/workers/playable/client';
import { createRecordingFiles } from '@/workers/record/client';
import { createSegmenter } from '@/workers/segment/client';
import { type Captions, captionsOf, publishCaptions, stayAwake } from './captions';
import { type ClipCutter, startGiving } from './dataset';
import { createWordTimer, type WordTimer } from './editing';
import { type JobCommands, type JobStore, openJobQueue } from './jobs';
import {
  createModelChoice,
  type ModelChoice,
  type ModelLibrary,
  openModelLibrary,
} from './model-library';
import { createPlayback, type Playback } from './playback';
import {
  createModelRecogniser,
  type DecodeMeasurement,
  type ModelRecogniser,
  measureDecoding,
  openLiveEngine,
  warmUp,
  warnOfWarmUp,
} from './recognition';
import { type CaptureInput, createTabRecording, type Recording, startRecovery } from './recording';
import { createRedactor, type Redactor } from './redaction';
import {
  type LabelCallbacks,
  type LabelOptions,
  labelSpeakers,
  readLabelSource,
  type SpeakerLabelling,
} from './speakers';
import {
  currentLibrary,
  getSetting,
  libraryLocks,
  platformLocks,
  storeKeptNames,
  type WatchedFolderRecord,
} from './store';
import { type WatchDependencies, watchFolder } from './watched-folder';

/** Re-exported for pages of shared transcripts: they export documents too, but create no app. */
export { createDocuments, type OpenDocument } from '@/workers/documents/client';

/** What the app needs from the page. */
export interface AppOptions {
  /** What an input of a recording is called, in the user's language. */
  inputName(input: CaptureInput): string;
  /**
   * In the user's language: the title of a recording that starts now, and the names of the speakers heard
   * through the microphone and the display.
   */
  recordingNames(): { title: string; speakers: string[] };
}

/** Captions of this tab's recording, as other windows show them. */
export interface RecordingCaptions {
  text: StoreApi<Captions>;
  /** Identifies this tab to windows that follow it: see `followCaptions`. */
  source: string;
}

/** Everything that a page of the app works with. */
export interface App {
  /** The models that are not part of the app. */
  models: ModelLibrary;
  /** Which model is used. */
  modelChoice: ModelChoice;
  jobs: JobStore;
  commands: JobCommands;
  playback: Playback;
  /** Copies without names and numbers. */
  redactor: Redactor;
  /** The recording of this tab; created on first use. */
  recording(): Recording;
  /** Captions of that recording; created on first use. */
  captions(): RecordingCaptions;
  /**
   * Recovers interrupted recordings: those of this tab, and of tabs that go away while this page is open.
   * @param onRecovered called with the id of each
   * @returns stops it
   */
  recoverRecordings(onRecovered: (id: string) => void): () => void;
  /**
   * Tells the speakers of a transcript's recording apart with the installed models. The labels are not stored;
   * the caller releases them.
   * @throws see `lib/client/speakers`
   */
  labelSpeakers(
    transcriptId: string,
    options: LabelOptions,
    callbacks?: LabelCallbacks,
  ): Promise<SpeakerLabelling>;
  /** Finds the times of words that are typed in a transcript; the caller disposes of the timer. */
  timeWords(transcriptId: string): WordTimer;
  /** Cuts clips exactly as they would be contributed; the caller disposes of the cutter. */
  cutClips(): ClipCutter;
  /**
   * Sends the user's contributions to the training set, and their withdrawals.
   * @returns stops it
   */
  startGiving(onSignedOut: () => void): () => void;
  /**
   * Transcribes recordings as they appear in a folder.
   * @returns stops it
   */
  watchFolder(
    folder: WatchedFolderRecord,
    dependencies: Pick<WatchDependencies, 'isMedia' | 'write'>,
  ): () => void;
  /** The model that is running the self-test clip in this tab. */
  testing: ModelRecogniser['testing'];
  /** The backend for the model in use; measured once, or again when forced. */
  chooseBackend(force?: boolean): Promise<BackendChoice>;
  /** Decodes a whole file in a worker of its own and discards the audio. */
  measureDecoding(file: File, onProgress: (audioMs: number) => void): Promise<DecodeMeasurement>;
  /** Starts the workers and loads the model ahead of the first file; never rejects. */
  warmUp(): Promise<void>;
  /** Ends jobs and copies; they resume when this library is opened again. */
  stop(): void;
}

/** The composition root: makes workers, store and queue, and joins them. Once for each page. Browser only. */
export function createApp({ recordingNames, inputName }: AppOptions): App {
  const locks = libraryLocks();
  void storeKeptNames();
  const workers = {
    wasm: createAsrWasmClient,
    webgpu: createAsrWebGpuClient,
    segmenter: createSegmenter,
  };
  const models = openModelLibrary({
    openTransfers: () => createFileTransfers(),
    askHub: createAskHub(),
    // models are shared by the libraries of all users of this browser
    locks: platformLocks(),
  });
  const modelChoice = createModelChoice(models);
  const recogniser = createModelRecogniser(models, modelChoice, workers);
  const stages = { decoder: createDecoder(), segmenter: createSegmenter(), recogniser };
  const queue = openJobQueue({
    stages,
    locks,
    choice: modelChoice,
    decoder: createDecoder(),
    createAligner,
  });
  const unsubscribe = modelChoice.state.subscribe(({ inUse }, before) => {
    if (!inUse || inUse.now === before.inUse?.now) return;
    // jobs that waited for this model can run now; else it is loaded ahead of the next file
    queue.wake();
    if (before.inUse) recogniser.warmUp().catch(warnOfWarmUp);
  });
  const recordingFiles = once(() => createRecordingFiles(currentLibrary()));
  const recording = once(() =>
    createTabRecording({
      openLiveEngine: (signal) => openLiveEngine(models, modelChoice, workers, signal),
      addCaptureNode,
      files: recordingFiles(),
      locks,
      stayAwake,
      namesNow: recordingNames,
    }),
  );
  return {
    models,
    modelChoice,
    jobs: queue.store,
    commands: queue.commands,
    playback: createPlayback(createPlayableWriter),
    redactor: createRedactor(createPlayableWriter),
    recording,
    captions: once(() => {
      const text = captionsOf(recording().state, () => getSetting('language'), inputName);
      return { text, source: publishCaptions(text) };
    }),
    recoverRecordings: (onRecovered) =>
      startRecovery({ files: recordingFiles(), locks }, onRecovered),
    labelSpeakers: (transcriptId, options, callbacks = {}) =>
      labelSpeakers(transcriptId, options, callbacks, {
        models,
        read: readLabelSource,
        createDecoder,
        createSegmenter,
        createDiariser,
      }),
    timeWords: (transcriptId) => createWordTimer(transcriptId, { createDecoder, createAligner }),
    cutClips: createClipCutter,
    startGiving: (onSignedOut) => startGiving({ createCutter: createClipCutter, onSignedOut }),
    watchFolder: (folder, dependencies) =>
      watchFolder(folder, {
        ...dependencies,
        createDecoder,
        take: async (file, id) => {
          await queue.commands.add([file], [id]);
        },
      }),
    testing: recogniser.testing,
    chooseBackend: (force = false) => recogniser.choose(force),
    measureDecoding: (file, onProgress) => measureDecoding(createDecoder(), file, onProgress),
    warmUp: memoizePromise(() => warmUp(stages, recogniser)),
    stop: () => {
      unsubscribe();
      queue.stop();
    },
  };
}
