// What the page has stored, in the app's own database.
import type { Page } from '@playwright/test';
import type { JobRecord, Settings } from '../../lib/client/store/schema';
import type { ModelInfo, Word } from '../../lib/transcript/types';

/** How often the store is asked how far the jobs are. */
const POLL_MS = 250;

/** A job, and what it has written so far. */
export interface StoredJob {
  /** The transcript's id too. */
  id: string;
  fileName: string;
  state: JobRecord['intent'];
  /** Code and message. */
  error: string | null;
  doneMs: number;
  durationMs: number | null;
  stats: JobRecord['stats'];
  model: ModelInfo | null;
  text: string;
}

function readJobs(page: Page): Promise<StoredJob[]> {
  return page.evaluate(async () => {
    const db = await requested(indexedDB.open('ai2text'));
    try {
      const stores = db.transaction(['jobs', 'transcripts', 'segments']);
      const [jobs, transcripts, segments]: [
        JobRecord[],
        { id: string; model: ModelInfo | null }[],
        { transcriptId: string; text: string }[],
      ] = await Promise.all([
        requested(stores.objectStore('jobs').getAll()),
        requested(stores.objectStore('transcripts').getAll()),
        requested(stores.objectStore('segments').getAll()),
      ]);
      const models = new Map(transcripts.map(({ id, model }) => [id, model]));
      // keys of segments are [transcript, index], so each transcript's come in order
      const texts = new Map<string, string[]>();
      for (const { transcriptId, text } of segments)
        texts.set(transcriptId, [...(texts.get(transcriptId) ?? []), text]);
      return jobs.map(({ id, fileName, intent, error, doneMs, durationMs, stats }) => ({
        id,
        fileName,
        state: intent,
        error: error && `${error.code}: ${error.message}`,
        doneMs,
        durationMs,
        stats,
        model: models.get(id) ?? null,
        text: (texts.get(id) ?? []).join(' '),
      }));
    } finally {
      db.close();
    }
  });
}

/** How jobs are waited for. */
export interface WaitOptions {
  /** Called at each look with their state. */
  onPoll?: (jobs: StoredJob[]) => void | Promise<void>;
  /** Gives up when nothing moves for this long. */
  idleMs?: number;
}

/** Waits until every job with one of these file names is done or failed. @returns those jobs */
export async function waitForJobs(
  page: Page,
  fileNames: Iterable<string>,
  { onPoll, idleMs = 300_000 }: WaitOptions = {},
): Promise<StoredJob[]> {
  const wanted = new Set(fileNames);
  let seen = '';
  let movedMs = Date.now();
  for (;;) {
    const jobs = (await readJobs(page)).filter((job) => wanted.has(job.fileName));
    await onPoll?.(jobs);
    const open = jobs.filter(({ state }) => state !== 'done' && state !== 'failed');
    if (jobs.length === wanted.size && open.length === 0) return jobs;
    const now = JSON.stringify(
      jobs.map(({ fileName, state, doneMs }) => [fileName, state, doneMs]),
    );
    if (now !== seen) {
      seen = now;
      movedMs = Date.now();
    } else if (Date.now() - movedMs > idleMs) {
      const names = open.map(({ fileName }) => fileName).join(', ') || 'the files';
      throw new Error(`Nothing moved for ${idleMs / 1000} s while waiting for ${names}.`);
    }
    await page.waitForTimeout(POLL_MS);
  }
}

/**
 * The words of transcripts, in order.
 * @param ids of jobs, which are those of their transcripts
 * @returns by id
 */
export function readWords(page: Page, ids: readonly string[]): Promise<Record<string, Word[]>> {
  return page.evaluate(async (wanted) => {
    const db = await requested(indexedDB.open('ai2text'));
    try {
      const store = db.transaction('words').objectStore('words');
      const all = await Promise.all(
        wanted.map(async (id): Promise<[string, Word[]]> => {
          const rows: { words: Word[] }[] = await requested(
            store.getAll(IDBKeyRange.bound([id], [id, []])),
          );
          return [id, rows.flatMap(({ words }) => words)];
        }),
      );
      return Object.fromEntries(all);
    } finally {
      db.close();
    }
  }, ids);
}

/** One setting as it is stored; `null` when it is not. */
export function readSetting<N extends keyof Settings>(
  page: Page,
  name: N,
): Promise<Settings[N] | null> {
  return page.evaluate(async (wanted) => {
    const db = await requested(indexedDB.open('ai2text'));
    try {
      const store = db.transaction('settings').objectStore('settings');
      const record: { value: Settings[N] } | undefined = await requested(store.get(wanted));
      return record?.value ?? null;
    } finally {
      db.close();
    }
  }, name);
}

/** Stores settings. */
export async function storeSettings(page: Page, settings: Partial<Settings>): Promise<void> {
  await page.evaluate(async (entries) => {
    const db = await requested(indexedDB.open('ai2text'));
    const store = db.transaction('settings', 'readwrite').objectStore('settings');
    for (const [name, value] of entries) await requested(store.put({ name, value }));
    db.close();
  }, Object.entries(settings));
}
