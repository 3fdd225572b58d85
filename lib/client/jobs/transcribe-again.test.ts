// A recording that is transcribed once more: what somebody wrote stays, and can be compared.
import { beforeEach, expect, it, vi } from 'vitest';
import { getRecognised, listTouched, storeEdit, undoEdit } from '@/lib/client/store/edits';
import { importTranscript } from '@/lib/client/store/import-transcript';
import * as jobs from '@/lib/client/store/jobs';
import { transcribeAgain } from '@/lib/client/store/transcribe-again';
import * as transcripts from '@/lib/client/store/transcripts';
import type { JobOptions } from '@/lib/engine/pipeline/stages';
import { createTestStages } from '@/lib/engine/pipeline/test-stages';
import { readTranscriptFile } from '@/lib/import/read-file';
import type { Edit } from '@/lib/transcript/edit';
import {
  addFile,
  closeTabsAfterEach,
  createLocks,
  openTab,
  type Tab,
  textOf,
  until,
} from './test-runner';

/** What a model writes of the twelve segments of sixty seconds: `d3` is `B3` to the other. */
const said = (mark: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `${mark}${from + at}`);

let model = 'draft';
/** Whether models hear anything. */
let isDeaf = false;
const options = async (): Promise<JobOptions> => ({
  modelId: model,
  hotWords: [],
  language: null,
  task: 'transcribe',
});

function openMarked(): Tab {
  const stages = createTestStages(60);
  const { recogniser } = stages;
  const { recognise } = recogniser;
  recogniser.recognise = async (batch, given) => {
    const answer = await recognise(batch, given);
    const mark = stages.prepared.at(-1) === 'base' ? 'B' : 'd';
    const hypotheses = answer.hypotheses.map(({ words }) => ({
      words: isDeaf ? [] : words.map((word) => ({ ...word, text: word.text.replace('w', mark) })),
    }));
    return { ...answer, hypotheses };
  };
  return openTab(createLocks(), stages, {
    getJobOptions: options,
    isModelInUse: async (modelId) => modelId === model,
  });
}

closeTabsAfterEach();
beforeEach(() => {
  model = 'draft';
  isDeaf = false;
});

async function again(tab: Tab, id: string): Promise<void> {
  model = 'base';
  await transcribeAgain(id, await options());
  tab.runner.wake();
}

const isDone = (id: string) =>
  vi.waitFor(
    async () => {
      const record = await transcripts.getTranscript(id);
      expect(record?.secondPass).toBeUndefined();
      expect(record?.model?.id).toBe('base');
    },
    { timeout: 5000 },
  );

const recognisedOf = async (id: string) => (await getRecognised(id)).map(({ text }) => text);

async function change(id: string, from: string, text: string): Promise<void> {
  const row = (await transcripts.getSegments(id)).find((one) => one.text === from);
  if (!row) throw new Error(`There is no row ${from}.`);
  const edit: Edit = { kind: 'text', changes: [{ row, seen: from, text }] };
  await storeEdit(id, edit, { by: null, shown: null });
}

/** Subtitles over a recording; between two of them nobody has written down what is said. */
const CUES = `1
00:00:00,500 --> 00:00:12,000
Welcome to the harbour.

2
00:00:20,000 --> 00:00:31,000
The ferry leaves at noon.
`;

async function joined(tab: Tab): Promise<string> {
  const transcript = await readTranscriptFile(new File([CUES], 'a.srt'));
  const id = await importTranscript({ ...transcript, durationMs: 60_000 }, [], { media: 'none' });
  tab.sources.add(id, sound(), false);
  return id;
}

const sound = () => new File([new Uint8Array(8)], 'a.mp3');

it('a text that a recording was added with stays, and can be compared with what is recognised', async () => {
  const tab = openMarked();
  const id = await joined(tab);
  await change(id, 'The ferry leaves at noon.', 'The ferry left at noon.');
  await again(tab, id);
  await isDone(id);
  const text = ['Welcome to the harbour.', 'The ferry left at noon.'];
  expect(await textOf(id)).toEqual(text);
  expect(await recognisedOf(id)).toEqual(said('B', 0, 12));
  expect((await listTouched(id)).map((row) => row.text)).toEqual(said('B', 0, 12));
  expect((await transcripts.getSegments(id)).every(({ edited }) => edited)).toBe(true);
  expect(await transcripts.getTranscript(id)).toMatchObject({
    state: 'complete',
    wordCount: 9,
    edits: { done: 1, total: 1 },
  });
  await undoEdit(id);
  expect(await textOf(id)).toEqual([text[0], 'The ferry leaves at noon.']);
  // and once more
  model = 'draft';
  tab.sources.add(id, sound(), false);
  await transcribeAgain(id, await options());
  tab.runner.wake();
  await vi.waitFor(async () => expect(await recognisedOf(id)).toEqual(said('d', 0, 12)));
  await until(id, 'done');
  expect(await textOf(id)).toEqual([text[0], 'The ferry leaves at noon.']);
});

it('a text that is there stays although nothing is recognised', async () => {
  isDeaf = true;
  const tab = openMarked();
  const id = await joined(tab);
  await again(tab, id);
  await vi.waitFor(async () =>
    expect((await transcripts.getTranscript(id))?.secondPass?.stopped).toMatchObject({
      problem: { code: 'NO_SPEECH' },
    }),
  );
  expect(await textOf(id)).toEqual(['Welcome to the harbour.', 'The ferry leaves at noon.']);
  expect((await transcripts.getTranscript(id))?.state).toBe('complete');
});

it('a transcript keeps what was corrected in it, and gets the rest from the model in use', async () => {
  const tab = openMarked();
  await addFile(tab, 'a');
  await until('a', 'done');
  await change('a', 'd4', 'four');
  await again(tab, 'a');
  await isDone('a');
  expect(await textOf('a')).toEqual([...said('B', 0, 4), 'four', ...said('B', 5, 12)]);
  expect(await recognisedOf('a')).toEqual(said('B', 0, 12));
});

it('a correction made while the recording was being transcribed holds nothing else back', async () => {
  const tab = openMarked();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  tab.stages.hold = { after: 2, until: held };
  await addFile(tab, 'a');
  await vi.waitFor(async () => expect(await textOf('a')).toEqual(said('d', 0, 3)));
  await change('a', 'd2', 'two');
  tab.stages.hold = null;
  release();
  await until('a', 'done');
  expect(await textOf('a')).toEqual(['d0', 'd1', 'two', ...said('d', 3, 12)]);
  await again(tab, 'a');
  await isDone('a');
  expect(await textOf('a')).toEqual(['B0', 'B1', 'two', ...said('B', 3, 12)]);
  model = 'draft';
  await transcribeAgain('a', await options());
  tab.runner.wake();
  await vi.waitFor(async () =>
    expect(await textOf('a')).toEqual(['d0', 'd1', 'two', ...said('d', 3, 12)]),
  );
});

it('does not restart a recording that is being transcribed', async () => {
  const tab = openMarked();
  await addFile(tab, 'a');
  await until('a', 'done');
  tab.stages.hold = { after: tab.stages.recognised.length, until: new Promise(() => undefined) };
  await again(tab, 'a');
  await vi.waitFor(async () => expect((await jobs.getJob('a'))?.intent).toBe('queued'));
  const before = await jobs.getJob('a');
  await transcribeAgain('a', await options());
  expect(await jobs.getJob('a')).toEqual(before);
});
