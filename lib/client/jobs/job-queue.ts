import type { Aligner } from '@/lib/client/editing';
import type { ModelChoice } from '@/lib/client/model-library';
import {
  currentLibrary,
  getMedia,
  getSetting,
  hasQuotaFor,
  keepMedia,
  type Locks,
  libraryName,
  transcripts,
} from '@/lib/client/store';
import type { Decoder, JobOptions, Stages } from '@/lib/engine/pipeline';
import { createCommands } from './commands';
import { createJobStore, type JobCommands, type JobStore } from './job-store';
import type { JobProgress, ProgressChannel } from './job-views';
import { createRunner } from './runner';
import { SourceRegistry } from './source-registry';

/** Transcripts are removed permanently this long after deletion; undo is no longer offered then. */
const PURGE_AFTER_MS = 600_000;
const PURGE_EVERY_MS = 60_000;

/** The queue of this page's library: its jobs and the user's commands. */
export interface JobQueue {
  store: JobStore;
  commands: JobCommands;
  /** Reads the stored jobs again and resumes when one can run. */
  wake(): void;
  /** Stops its jobs and copies; they resume when this library is opened again. */
  stop(): void;
}

/** Opens the queue and starts running it. Browser only. */
export function openJobQueue({
  stages,
  locks,
  choice,
  decoder,
  createAligner,
}: {
  stages: Stages;
  locks: Locks;
  choice: Pick<ModelChoice, 'read'>;
  /** Reads recordings that are not transcribed. */
  decoder: Decoder;
  createAligner(): Aligner;
}): JobQueue {
  const sources = new SourceRegistry({ getMedia, keepMedia, hasQuotaFor }, locks);
  const store = createJobStore();
  const channel = progressChannel();
  const runner = createRunner({
    getJobOptions: () => chosenOptions(choice),
    isModelInUse: async (modelId) => (await choice.read()).now === modelId,
    sources,
    locks,
    store,
    channel,
    stages,
  });
  const purge = async () => {
    try {
      for (const id of await transcripts.purgeDeleted(PURGE_AFTER_MS)) sources.discard(id);
    } catch (error) {
      console.warn('Deleted transcripts could not be removed', error);
    }
  };
  sources
    .resolveUnfinishedCopies()
    .catch((error: unknown) => console.warn('Unfinished copies could not be resolved', error));
  void purge();
  const purging = setInterval(purge, PURGE_EVERY_MS);
  return {
    store,
    commands: createCommands({
      sources,
      runner: () => runner,
      decoder,
      createAligner,
      getJobOptions: () => chosenOptions(choice),
    }),
    wake: () => runner.wake(),
    stop: () => {
      clearInterval(purging);
      runner.dispose();
      sources.dispose();
    },
  };
}

/** The user's current settings, for a job that starts. */
async function chosenOptions(choice: Pick<ModelChoice, 'read'>): Promise<JobOptions> {
  const [{ chosen, now }, hotWords, language, translate, numbers] = await Promise.all([
    choice.read(),
    getSetting('vocabulary'),
    getSetting('language'),
    getSetting('translate'),
    getSetting('numbers'),
  ]);
  return {
    modelId: now,
    ...(chosen === now ? {} : { laterModelId: chosen }),
    hotWords,
    language,
    task: translate ? 'translate' : 'transcribe',
    numbers,
  };
}

/** Shares progress between tabs through a `BroadcastChannel`. */
function progressChannel(): ProgressChannel {
  const channel = new BroadcastChannel(`${libraryName(currentLibrary())}:progress`);
  return {
    post: (progress) => channel.postMessage(progress),
    onMessage: (listener) => {
      const take = (event: MessageEvent<JobProgress>) => listener(event.data);
      channel.addEventListener('message', take);
      return () => channel.removeEventListener('message', take);
    },
  };
}
