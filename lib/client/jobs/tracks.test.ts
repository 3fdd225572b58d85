import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { joinPeaks } from '@/lib/client/playback/waveform';
import { closeDatabase } from '@/lib/client/store/db';
import * as jobs from '@/lib/client/store/jobs';
import * as secondPass from '@/lib/client/store/second-pass';
import * as transcripts from '@/lib/client/store/transcripts';
import { AppError } from '@/lib/core/errors';
import type { JobOptions } from '@/lib/engine/pipeline/stages';
import { createTestStages } from '@/lib/engine/pipeline/test-stages';
import { runJob } from './run-job';

const SECONDS = 60;
/** Both speak most of the time: one word a second, of 0.6 s, five to a segment. */
const WORDS = 5;

let count = 0;

async function addRecording(): Promise<string> {
  count += 1;
  const id = `two-${count}`;
  const source = { name: 'two.mka', mediaType: '', sizeBytes: 1, sha256: null };
  const speakers = ['Ann', 'Ben'];
  await jobs.addJobs([{ id, title: 'two', source, media: 'none', speakers }]);
  return id;
}

function twoSpeakers(mark: string) {
  const stages = createTestStages(SECONDS);
  stages.tracks = ['one', 'two'];
  stages.isTrackPerSpeaker = true;
  const { recognise } = stages.recogniser;
  stages.recogniser.recognise = async (batch, options) => {
    const answer = await recognise(batch, options);
    const hypotheses = answer.hypotheses.map(({ words: [word] }) => ({
      words: Array.from({ length: WORDS }, (_, at) => ({
        text: `${word?.text.replace('w', mark)}.${at}`,
        startSample: at * 16_000,
        endSample: at * 16_000 + 9_600,
        confidence: 0.9,
      })),
    }));
    return { ...answer, hypotheses };
  };
  return stages;
}

const view = {
  stage: () => undefined,
  open: () => undefined,
  progress: () => undefined,
  text: () => undefined,
  end: () => undefined,
};

async function run(
  id: string,
  stages: ReturnType<typeof twoSpeakers>,
  options: Partial<JobOptions> = {},
) {
  const job = await jobs.getJob(id);
  if (!job) throw new Error('There is no job.');
  return runJob({
    job,
    source: new Blob(['x']),
    stages,
    view,
    getJobOptions: async () => ({
      modelId: 'm',
      hotWords: [],
      language: null,
      task: 'transcribe',
      ...options,
    }),
    signal: new AbortController().signal,
  });
}

/** All that the transcript holds, without its own id. */
async function written(id: string) {
  const { segments, speakers } = await transcripts.readTranscript(id);
  const record = await transcripts.getTranscript(id);
  const peaks = joinPeaks(await transcripts.getPeaks(id), SECONDS * 1000);
  return { segments, speakers, peaks, wordCount: record?.wordCount };
}

afterEach(async () => {
  await closeDatabase();
  await deleteDB('ai2text');
  vi.restoreAllMocks();
});

describe('a recording whose tracks are speakers', () => {
  it('becomes one text in order, each row with its speaker', async () => {
    const id = await addRecording();
    expect(await run(id, twoSpeakers('w'))).toBe('done');
    const { segments, speakers, wordCount } = await written(id);
    expect(speakers).toEqual([
      { id: 's1', name: 'Ann' },
      { id: 's2', name: 'Ben' },
    ]);
    const words = segments.flatMap((row) => row.words);
    // twelve segments in one track, eleven whole ones in the other
    expect(words).toHaveLength(23 * WORDS);
    expect(wordCount).toBe(23 * WORDS);
    expect(segments.map((row) => row.id)).toEqual(segments.map((_, at) => `seg-${at}`));
    let endMs = 0;
    for (const row of segments) {
      expect(row.startMs).toBeGreaterThanOrEqual(endMs);
      endMs = row.endMs;
      const isSecond = row.speakerId === 's2';
      expect(row.words.every(({ text }) => Number(text.slice(1)) >= 1000 === isSecond)).toBe(true);
    }
  });

  it('is the same text wherever the run broke off', async () => {
    const whole = await addRecording();
    const stages = twoSpeakers('w');
    await run(whole, stages);
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    for (let at = 0; at < stages.recognised.length; at += 1) {
      const id = await addRecording();
      const broken = twoSpeakers('w');
      const error = new AppError('WORKER_CRASHED', 'A test wants it.', { fatal: true });
      broken.failBatch = { at, error };
      await run(id, broken);
      expect(await written(id)).toEqual(await written(whole));
    }
  });

  it('is read again by a better model, which may be stopped anywhere without a word lost', async () => {
    const id = await addRecording();
    await run(id, twoSpeakers('w'), { laterModelId: 'better' });
    await secondPass.beginSecondPass(id);
    const better = twoSpeakers('B');
    better.failBatch = { at: 3, error: new AppError('RECOGNISE_FAILED', 'A test wants it.') };
    await expect(run(id, better)).rejects.toMatchObject({ code: 'RECOGNISE_FAILED' });
    const numbers = async () =>
      (await written(id)).segments
        .flatMap((row) => row.words.map(({ text }) => text.slice(1)))
        .sort();
    const all = Array.from({ length: 12 }, (_, at) => [at, at + 1000])
      .flat()
      .filter((number) => number !== 1011)
      .flatMap((number) => Array.from({ length: WORDS }, (_, at) => `${number}.${at}`))
      .sort();
    expect(await numbers()).toEqual(all);
    await secondPass.stopSecondPass(id, null);
    await secondPass.resumeSecondPass(id);
    await run(id, twoSpeakers('B'));
    expect(await numbers()).toEqual(all);
    const { segments } = await written(id);
    expect(segments.every(({ text }) => text.startsWith('B'))).toBe(true);
  });

  it('can be transcribed from one of its tracks instead, and from each again', async () => {
    const id = await addRecording();
    await run(id, twoSpeakers('w'));
    const first = await written(id);
    await jobs.restartJob(id, { audioTrack: 1, isTrackGiven: true });
    await run(id, twoSpeakers('w'));
    const one = await written(id);
    expect(one.speakers).toEqual([]);
    expect(new Set(one.segments.map(({ speakerId }) => speakerId))).toEqual(new Set([null]));
    await jobs.restartJob(id, { speakers: ['Ann', 'Ben'] });
    await run(id, twoSpeakers('w'));
    expect(await written(id)).toEqual(first);
  });
});
