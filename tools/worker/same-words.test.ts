import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { AppError } from '@/lib/core';
import expected from './fixtures/speech-words.json';
import { NativeFfmpeg } from './native-ffmpeg';
import { readSettings } from './settings';
import { createStages } from './stages';
import {
  BEGINNING,
  openFile,
  type Progress,
  transcribeSource,
  transcribeWhole,
} from './transcribe-source';

// workers/asr-wasm/worker-words.browser.test.ts holds the browser to the same words

/** What comes before the samples of a plain file. */
const WAVE_HEADER_BYTES = 44;
const AUDIO = 'e2e/fixtures/audio';
const OPTIONS = {
  modelId: 'ai2text-en',
  hotWords: [],
  language: null,
  task: 'transcribe',
} as const;
const settings = readSettings({ WORKER_RUNTIME: 'wasm', WORKER_THREADS: '1' });
process.env.WORKER_RUNTIME = 'wasm';
const stages = createStages(settings);
const never = new AbortController().signal;

afterAll(() => {
  stages.dispose();
  delete process.env.WORKER_RUNTIME;
});

it('gives the words that a browser gives, with their times', async () => {
  const source = await openFile(`${AUDIO}/speech.wav`);
  const { segments, ...head } = await transcribeWhole(source, 'speech.wav', OPTIONS, stages, never);
  const words = segments.map((one) => one.words.map(({ confidence: _, ...word }) => word));
  expect(words).toEqual(expected);
  expect(head).toMatchObject({ title: 'speech', language: 'en', model: { id: 'ai2text-en' } });
});

it.each(['speech.m4a', 'speech-vbr.mp3', 'speech.flac'])('reads %s by ffmpeg', async (file) => {
  const source = await openFile(`${AUDIO}/${file}`);
  const { segments } = await transcribeWhole(source, file, OPTIONS, stages, never);
  expect(segments.map(({ text }) => text).join(' ')).toContain('heavy rain would reach');
});

it('ends without a word where nobody speaks', async () => {
  const file = readFileSync(`${AUDIO}/speech.wav`);
  const silence = new Blob([file.fill(0, WAVE_HEADER_BYTES)]);
  const transcript = await transcribeWhole(silence, 'a.wav', OPTIONS, stages, never);
  expect(transcript).toMatchObject({ title: 'a', segments: [] });
  expect(transcript.durationMs).toBeGreaterThan(1000);
  const end = await transcribeSource(
    silence,
    BEGINNING,
    OPTIONS,
    stages,
    async () => undefined,
    never,
  );
  expect(end).toMatchObject({ durationMs: transcript.durationMs, hasSpeech: false });
});

it('recognises with the configured number of threads', async () => {
  const { recogniser, dispose } = createStages({ ...settings, threads: 2 });
  expect(await recogniser.prepare('ai2text-en', never)).toMatchObject({ threads: 2 });
  dispose();
});

it('resumes at the last stored batch with the text of an unbroken run', async () => {
  const source = await openFile(`${AUDIO}/speech.wav`);
  const texts: string[] = [];
  let stored: Progress = BEGINNING;
  const run = (storesOnce: boolean) =>
    transcribeSource(
      source,
      stored,
      OPTIONS,
      stages,
      async ({ segments, progress }) => {
        texts.push(...segments.map(({ text }) => text));
        // as it comes back from a server
        stored = JSON.parse(JSON.stringify(progress));
        if (storesOnce) throw new AppError('ABORTED', 'killed');
      },
      never,
    );
  await expect(run(true)).rejects.toThrow('killed');
  expect(texts).toHaveLength(1);
  await run(false);
  expect(texts).toEqual(expected.map((words) => words.map(({ text }) => text).join(' ')));
});

it('says that the ffmpeg that was named is missing', async () => {
  const ffmpeg = new NativeFfmpeg('/nowhere/ffmpeg');
  await ffmpeg.load(new Blob(['x']));
  ffmpeg.run(['-i', '/in/source']);
  await expect(ffmpeg.next(never)).rejects.toMatchObject({ code: 'DECODE_UNSUPPORTED' });
  ffmpeg.close();
});
