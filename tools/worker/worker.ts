// npm run worker: the app's engine without a page. With --once it transcribes one file and ends.
import { writeFile } from 'node:fs/promises';
import { isAppError } from '@/lib/core';
import { buildKernels } from '../app/build-kernels';
import { PlainError } from '../command/errors';
import { onInterrupt } from '../command/interrupt';
import { main } from '../command/main';
import { type Command, readCommand } from '../command/options';
import { findInstalledModel } from './model-files';
import { readSettings, type WorkerSettings } from './settings';
import { createStages } from './stages';
import { formatTranscript, openFile, TEXT_FORMATS, transcribeWhole } from './transcribe-file';

const COMMAND = {
  name: 'worker',
  text: 'transcribes without a browser',
  options: {
    once: { value: 'FILE', text: 'transcribes this file, and ends' },
    format: { value: 'NAME', text: 'how its transcript is written', choices: TEXT_FORMATS },
    out: { value: 'FILE', text: 'where it is written to; else it is printed' },
  },
  notes: [
    'WORKER_MODEL, WORKER_LANGUAGE, WORKER_THREADS, WORKER_RUNTIME (auto, native, wasm) and',
    'FFMPEG_PATH change how: docs/workers.md explains them.',
  ],
} as const satisfies Command;

/** What is recognised, and how, unless a job says otherwise. */
async function jobOptions({ modelId, language }: WorkerSettings) {
  const { model } = await findInstalledModel(modelId);
  return { modelId: model.id, hotWords: [], language, task: 'transcribe' as const };
}

async function transcribeOnce(path: string, format: (typeof TEXT_FORMATS)[number], out?: string) {
  const settings = readSettings();
  const source = await openFile(path);
  const stages = createStages(settings);
  const interrupted = new AbortController();
  const forget = onInterrupt(() => interrupted.abort());
  try {
    const options = await jobOptions(settings);
    const { signal } = interrupted;
    const transcript = await transcribeWhole(source, path, options, stages, signal);
    const text = await formatTranscript(format, transcript);
    if (out) await writeFile(out, text);
    else process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  } catch (error) {
    throw isAppError(error) ? new PlainError(error.message) : error;
  } finally {
    forget();
    stages.dispose();
  }
}

await main(async () => {
  const { values } = readCommand(COMMAND);
  if (!values.once) throw new PlainError('Say what to transcribe: npm run worker -- --once FILE.');
  await buildKernels();
  await transcribeOnce(values.once, values.format ?? 'txt', values.out);
});
// the runtime's WebAssembly keeps Node alive
process.exit();
