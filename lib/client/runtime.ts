import { createCommands } from '@/lib/client/jobs/commands';
import { createJobStore } from '@/lib/client/jobs/job-store';
import type { Repository } from '@/lib/client/jobs/repository';
import { createRunner, type Runner } from '@/lib/client/jobs/runner';
import { Sources } from '@/lib/client/jobs/sources';
import { getModelChoice, getModelLibrary } from '@/lib/client/model-library/models';
import { createModelRecogniser, type ModelRecogniser } from '@/lib/client/recognition/recogniser';
import { onChange } from '@/lib/client/store/changes';
import { storeFirstWords } from '@/lib/client/store/first-words';
import * as jobs from '@/lib/client/store/jobs';
import { libraryLocks, platformChannel } from '@/lib/client/store/locks';
import { getMedia, keepMedia } from '@/lib/client/store/media';
import { hasRoomFor } from '@/lib/client/store/quota';
import type { JobOptions } from '@/lib/client/store/schema';
import * as secondPass from '@/lib/client/store/second-pass';
import { getSetting } from '@/lib/client/store/settings';
import * as transcripts from '@/lib/client/store/transcripts';
import { memoizePromise } from '@/lib/core/memoize-promise';
import { SAMPLE_RATE_HZ, SAMPLES_PER_MS } from '@/lib/engine/audio/constants';
import { wavHeader } from '@/lib/engine/audio/wav';
import type { Stages } from '@/lib/engine/pipeline/transcribe';
import { createDecoder } from '@/workers/decode/client';
import { createSegmenter } from '@/workers/segment/client';
import type { DecodeMeasurement, Runtime } from './runtime-types';

/** What was deleted is removed for good when it is older than this: undo is over by then. */
const PURGE_AFTER_MS = 600_000;
const PURGE_EVERY_MS = 60_000;

const repository: Repository = {
  ...jobs,
  ...transcripts,
  ...secondPass,
  storeFirstWords,
  getJobOptions,
  isModelInUse: async (modelId) => (await getModelChoice().read()).now === modelId,
  getMedia,
  keepMedia,
  hasRoomFor,
  onChange,
};

let runtime: Runtime | null = null;

/** The composition root: makes workers, store and runner, once for each page. Browser only. */
export function getRuntime(): Runtime {
  runtime ??= create();
  return runtime;
}

function create(): Runtime {
  const locks = libraryLocks();
  const choice = getModelChoice();
  const recogniser = createModelRecogniser(getModelLibrary(), choice);
  const sources = new Sources(repository, locks);
  const store = createJobStore();
  const stages = { decoder: createDecoder(), segmenter: createSegmenter(), recogniser };
  const runner: Runner = createRunner({
    repository,
    sources,
    locks,
    store,
    channel: platformChannel(),
    stages,
  });
  const stopWatching = choice.state.subscribe(({ inUse }, before) => {
    if (!inUse || inUse.now === before.inUse?.now) return;
    // what waited for this model goes on; else the first file is not kept waiting for it
    runner.wake();
    if (before.inUse) recogniser.warmUp().catch(warnOfWarmUp);
  });
  const purge = async () => {
    try {
      for (const id of await transcripts.purgeDeleted(PURGE_AFTER_MS)) sources.forget(id);
    } catch (error) {
      console.warn('Deleted transcripts could not be removed', error);
    }
  };
  sources
    .settle()
    .catch((error: unknown) => console.warn('Unfinished copies could not be settled', error));
  void purge();
  const purging = setInterval(purge, PURGE_EVERY_MS);
  return {
    jobs: store,
    commands: createCommands(repository, sources, () => runner),
    diagnose: { decode: measureDecoding },
    chooseBackend: (force = false) => recogniser.choose(force),
    stop: () => {
      clearInterval(purging);
      stopWatching();
      runner.dispose();
      sources.dispose();
    },
    warmUp: memoizePromise(() => warmUp(stages, recogniser)),
  };
}

/** What the user has chosen, for a job that begins. */
async function getJobOptions(): Promise<JobOptions> {
  const [{ wanted, now }, hotWords, language, translate, numbers] = await Promise.all([
    getModelChoice().read(),
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

/** A WAV file of a tenth of a second, to wake the decoder with. */
function silence(): Blob {
  const samples = new Int16Array(SAMPLES_PER_MS * 100);
  const format = { rateHz: SAMPLE_RATE_HZ, channels: 1 };
  return new Blob([wavHeader(samples.byteLength, format), samples]);
}

/** Starts the workers and loads the model, so that the first file is not kept waiting for them. */
async function warmUp({ segmenter, decoder }: Stages, recogniser: ModelRecogniser): Promise<void> {
  const steps = [
    recogniser.warmUp(),
    segmenter.open(null).then((session) => session.close()),
    decoder.open(silence(), { startSample: 0 }).then((session) => session.close()),
  ];
  // the first job meets the same failure, and tells the user
  for (const result of await Promise.allSettled(steps))
    if (result.status === 'rejected') warnOfWarmUp(result.reason);
}

const warnOfWarmUp = (error: unknown) => console.warn('Warming up failed', error);

/** Decodes a whole file in a worker of its own and throws the audio away. */
async function measureDecoding(
  file: File,
  onProgress: (audioMs: number) => void,
): Promise<DecodeMeasurement> {
  const decoder = createDecoder();
  try {
    const startedMs = performance.now();
    const session = await decoder.open(file, { startSample: 0 });
    let samples = 0;
    for (;;) {
      const chunk = await session.read();
      if (!chunk) break;
      samples += chunk.pcm.length;
      onProgress(samples / SAMPLES_PER_MS);
    }
    const elapsedMs = performance.now() - startedMs;
    return { audioMs: samples / SAMPLES_PER_MS, elapsedMs, decoder: session.info.decoder };
  } finally {
    decoder.dispose();
  }
}
