// npm run worker: the app's engine without a page. It takes jobs of the app, answers OpenAI's route, or both; with
// --once it transcribes one file and ends.
import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import pLimit from 'p-limit';
import { isAppError } from '@/lib/core';
import type { JobOptions } from '@/lib/engine/pipeline';
import { buildKernels } from '../app/build-kernels';
import { PlainError } from '../command/errors';
import { onInterrupt } from '../command/interrupt';
import { main } from '../command/main';
import { type Command, readCommand } from '../command/options';
import { AppClient } from './app-client';
import { findInstalledModel } from './model-files';
import { listModels, modelNamed } from './openai-models';
import { listenOpenAi, type UploadTranscriber } from './openai-server';
import { readSettings, type WorkerSettings } from './settings';
import { createStages, type NodeStages } from './stages';
import {
  formatTranscript,
  openFile,
  requireSpeech,
  TEXT_FORMATS,
  transcribeSource,
  transcribeWhole,
} from './transcribe-source';
import { workLoop } from './work-loop';

const COMMAND = {
  name: 'worker',
  text: 'transcribes without a browser',
  options: {
    once: { value: 'FILE', text: 'transcribes this file, and ends' },
    format: { value: 'NAME', text: 'how its transcript is written', choices: TEXT_FORMATS },
    out: { value: 'FILE', text: 'where it is written to; else it is printed' },
    listen: { value: 'PORT', least: 1, text: "serves OpenAI's transcription route" },
  },
  notes: [
    'WORKER_URL and WORKER_TOKEN: the app whose jobs it takes. WORKER_API_KEY: what clients of --listen bring.',
    'WORKER_MODEL, WORKER_LANGUAGE, WORKER_THREADS, WORKER_RUNTIME, FFMPEG_PATH: docs/workers.md.',
  ],
} as const satisfies Command;

/** What is recognised, and how. @throws MODEL_NOT_INSTALLED */
async function jobOptions({ modelId, language }: WorkerSettings): Promise<JobOptions> {
  const { model } = await findInstalledModel(modelId);
  return { modelId: model.id, hotWords: [], language, task: 'transcribe' };
}

async function transcribeOnce(
  path: string,
  settings: WorkerSettings,
  stages: NodeStages,
  signal: AbortSignal,
): Promise<string> {
  const { values } = readCommand(COMMAND);
  const source = await openFile(path);
  const options = await jobOptions(settings);
  const transcript = await transcribeWhole(source, path, options, stages, signal);
  requireSpeech(transcript.segments.length > 0, transcript.durationMs);
  return formatTranscript(values.format ?? 'txt', transcript);
}

/** @param one the engine has one recording at a time */
function uploads(
  settings: WorkerSettings,
  stages: NodeStages,
  one: <T>(work: () => Promise<T>) => Promise<T>,
): UploadTranscriber {
  return async ({ source, name, model, language }, onSegments, signal) => {
    const modelId = modelNamed(model, settings.modelId);
    const options = await jobOptions({
      ...settings,
      modelId,
      language: language ?? settings.language,
    });
    return one(() => transcribeWhole(source, name, options, stages, signal, onSegments));
  };
}

async function serve(
  settings: WorkerSettings,
  port: number | undefined,
  stages: NodeStages,
  signal: AbortSignal,
): Promise<void> {
  const { appUrl, token, apiKey, host, healthFile } = settings;
  const limit = pLimit(1);
  const one = <T>(work: () => Promise<T>) => limit(work);
  const jobs: Promise<void>[] = [];
  if (port !== undefined) {
    if (apiKey === null)
      throw new PlainError('--listen needs WORKER_API_KEY, of at least 16 letters and digits.');
    const transcribe = uploads(settings, stages, one);
    const models = () => listModels(settings.modelId);
    const server = await listenOpenAi({ port, host, token: apiKey, transcribe, models });
    console.log(`Answering at ${server.url}`);
    signal.addEventListener('abort', () => server.close());
    jobs.push(new Promise((resolve) => signal.addEventListener('abort', () => resolve())));
  }
  if (appUrl !== null) {
    if (token === null) throw new PlainError('WORKER_URL needs WORKER_TOKEN beside it.');
    const options = await jobOptions(settings);
    const client = new AppClient(appUrl, token, `${hostname()} (${process.pid})`, () => {
      if (healthFile !== null) writeFileSync(healthFile, '');
    });
    console.log(`Taking jobs of ${appUrl}`);
    jobs.push(
      workLoop(
        client,
        (source, from, onBatch, stop) =>
          one(() => transcribeSource(source, from, options, stages, onBatch, stop)),
        console.log,
        signal,
      ),
    );
  }
  if (jobs.length === 0)
    throw new PlainError(
      'Say what to do: --once FILE, --listen PORT, or WORKER_URL and its token.',
    );
  await Promise.all(jobs);
}

await main(async () => {
  const { values } = readCommand(COMMAND);
  const settings = readSettings();
  await buildKernels();
  const stages = createStages(settings);
  const interrupted = new AbortController();
  const stopListening = onInterrupt(() => interrupted.abort());
  try {
    if (values.once === undefined) await serve(settings, values.listen, stages, interrupted.signal);
    else {
      const text = await transcribeOnce(values.once, settings, stages, interrupted.signal);
      if (values.out) await writeFile(values.out, text);
      else process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    }
  } catch (error) {
    throw isAppError(error) ? new PlainError(error.message) : error;
  } finally {
    stopListening();
    stages.dispose();
  }
});
// the runtime's WebAssembly keeps Node alive
process.exit();
