import { BlobReader, ZipReader } from '@zip.js/zip.js';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_EXPORT_OPTIONS, ENGLISH_LABELS } from '@/lib/export/options';
import { sentence, transcript } from '@/lib/export/test-transcripts';
import { createDocuments, type Documents } from './client';

/** Longer than a block, so that segments travel in several. */
const GIVEN = transcript(
  Array.from({ length: 120 }, (_, at) => ({
    ...sentence(`Sentence number ${at}.`, at * 4000, at % 2 === 0 ? 's1' : 's2'),
    id: `row-${at}`,
  })),
);
const OPTIONS = { ...DEFAULT_EXPORT_OPTIONS, times: true };

let made: Documents[] = [];
function documents(...spawn: Parameters<typeof createDocuments>): Documents {
  const one = createDocuments(...spawn);
  made.push(one);
  return one;
}
afterEach(() => {
  for (const one of made) one.dispose();
  made = [];
});

describe('createDocuments', () => {
  it('writes files that it reads again with the same words and times', async () => {
    const target = documents();
    const document = await target.open(GIVEN);
    const file = async (format: 'json' | 'docx') =>
      new File([await document.write([format], OPTIONS, ENGLISH_LABELS)], `talk.${format}`);
    expect(await target.read(await file('json'))).toEqual(GIVEN);
    const fromWord = await target.read(await file('docx'));
    expect(
      fromWord.segments.map(({ startMs, text }) => [Math.floor(startMs / 1000), text]),
    ).toEqual(GIVEN.segments.map(({ startMs, text }) => [startMs / 1000, text]));
    expect(fromWord.speakers.map(({ name }) => name)).toEqual(['Ann & Co. <1>', 'Bo']);
    await document.close();
  });

  it('packs several formats into one archive', async () => {
    const document = await documents().open(GIVEN);
    const zip = await document.write(['txt', 'maxqda', 'docx'], OPTIONS, ENGLISH_LABELS);
    expect(zip.type).toBe('application/zip');
    const entries = await new ZipReader(new BlobReader(zip), { useWebWorkers: false }).getEntries();
    expect(entries.map(({ filename }) => filename)).toEqual([
      'Talk.txt',
      'Talk.docx',
      'Talk.maxqda.txt',
    ]);
  });

  it('shows the beginning of a text file, and checks all of its subtitles', async () => {
    const document = await documents().open(GIVEN);
    expect(await document.preview('srt', OPTIONS, ENGLISH_LABELS)).toMatch(
      /^1\n00:00:00,020 --> 00:00:01,\d{3}\nAnn & Co\. <1>: Sentence number 0\.\n/,
    );
    expect(await document.preview('docx', OPTIONS, ENGLISH_LABELS)).toBeNull();
    const subtitles = { ...OPTIONS.subtitles, lineLength: 20, lines: 1 };
    const { cues, problems } = await document.lint('srt', { ...OPTIONS, subtitles });
    expect(cues).toBeGreaterThanOrEqual(120);
    expect(problems.map(({ rule }) => rule)).not.toContain('long-line');
  });

  it('says that a file is not a transcript', async () => {
    const target = documents();
    for (const name of ['a.docx', 'a.srt', 'a.json'])
      await expect(target.read(new File(['PK?'], name))).rejects.toMatchObject({
        code: 'SOURCE_UNREADABLE',
      });
  });

  it('says that a document is gone when its worker was killed between two calls', async () => {
    const workers: Worker[] = [];
    const target = documents(() => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
      workers.push(worker);
      return worker;
    });
    const document = await target.open(GIVEN);
    workers[0]?.terminate();
    workers[0]?.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
    await expect(document.write(['txt'], OPTIONS, ENGLISH_LABELS)).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
    });
    const again = await target.open(GIVEN);
    expect((await again.write(['txt'], OPTIONS, ENGLISH_LABELS)).size).toBeGreaterThan(1000);
  });
});
