import type { ModelChoice } from '@/lib/client/model-library';
import {
  getMedia,
  getSetting,
  hasQuotaFor,
  jobs,
  keepMedia,
  type Locks,
  onChange,
  secondPass,
  storeFirstWords,
  transcripts,
} from '@/lib/client/store';
import type { JobOptions, Stages } from '@/lib/engine/pipeline';
import { createCommands } from './commands';
import { createJobStore, type JobCommands, type JobStore } from './job-store';
import { progressChannel } from './progress-channel';
import { createRunner } from './runner';
import { SourceRegistry } from './source-registry';

/** Deleted transcripts are removed for good when they are older than this: undo is over by then. */
const PURGE_AFTER_MS = 600_000;
const PURGE_EVERY_MS = 60_000;

/** The queue of this page's library: what waits, what runs, and what the user may do with it. */
export interface JobQueue {
  store: JobStore;
  commands: JobCommands;
  /** Reads the stored jobs again and resumes when one can run. */
  wake(): void;
  /** Ends its jobs and copies; they resume when this library is opened again. */
  stop(): void;
}

/** Opens the queue and begins to run it. Browser only. */
export function openJobQueue({
  stages,
  locks,
  choice,
}: {
  stages: Stages;
  locks: Locks;
  choice: Pick<ModelChoice, 'read'>;
}): JobQueue {
  const repository = {
    ...jobs,
    ...transcripts,
    ...secondPass,
    storeFirstWords,
    getJobOptions: () => chosenOptions(choice),
    isModelInUse: async (modelId: string) => (await choice.read()).now === modelId,
    getMedia,
    keepMedia,
    hasQuotaFor,
    onChange,
  };
  const sources = new SourceRegistry(repository, locks);
  const store = createJobStore();
  const channel = progressChannel();
  const runner = createRunner({ repository, sources, locks, store, channel, stages });
  const purge = async () => {
    try {
      for (const id of await transcripts.purgeDeleted(PURGE_AFTER_MS)) sources.discard(id);
    } catch (error) {
      console.warn('Deleted transcripts could not be removed', error);
    }
  };
  sources
    .resolveUnfinishedCopies()
    .catch((error: unknown) => console.warn('Unfinished copies could not be settled', error));
  void purge();
  const purging = setInterval(purge, PURGE_EVERY_MS);
  return {
    store,
    commands: createCommands(repository, sources, () => runner),
    wake: () => runner.wake(),
    stop: () => {
      clearInterval(purging);
      runner.dispose();
      sources.dispose();
    },
  };
}

/** What the user has chosen, for a job that begins. */
async function chosenOptions(choice: Pick<ModelChoice, 'read'>): Promise<JobOptions> {
  const [{ wanted, now }, hotWords, language, translate, numbers] = await Promise.all([
    choice.read(),
    getSetting('vocabulary'),
    getSetting('language'),
    getSetting('translate'),
    getSetting('numbers'),
  ]);
  return {
    modelId: now,
    ...(wanted === now ? {} : { laterModelId: wanted }),
    hotWords,
    language,
    task: translate ? 'translate' : 'transcribe',
    numbers,
  };
}
