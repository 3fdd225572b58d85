// What tests of the runner share: tabs of one browser with a real store, made-up locks and made-up stages.
import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { Locks } from '@/lib/client/store/current-library';
import { closeDatabase } from '@/lib/client/store/db';
import * as jobs from '@/lib/client/store/jobs';
import * as transcripts from '@/lib/client/store/transcripts';
import type { JobOptions } from '@/lib/engine/pipeline/stages';
import { createTestStages, type TestStages } from '@/lib/engine/pipeline/test-stages';
import { createJobStore, type JobStore } from './job-store';
import type { ProgressChannel } from './job-views';
import { createRunner, type Runner, type RunnerDependencies } from './runner';
import { type MediaStore, SourceRegistry } from './source-registry';

const kept = new Map<string, Blob>();
export const UNCHOSEN: JobOptions = {
  modelId: 'starter',
  hotWords: [],
  language: null,
  task: 'transcribe',
};
/** The user's settings as they are now. */
export const settings = { vocabulary: [] as string[], options: UNCHOSEN };

export const mediaStore: MediaStore = {
  getMedia: async (id) => kept.get(id) ?? null,
  keepMedia: async (id, source) => void kept.set(id, source),
  hasQuotaFor: async () => true,
};

/** Locks as the browser gives them, shared by all "tabs" of a test. */
export function createLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  const held = new Map<string, LockMode>();
  const request = async (name: string, ...rest: unknown[]) => {
    const callback = rest.at(-1) as () => unknown; // the last argument, by the API
    const options = rest.length > 1 ? (rest[0] as LockOptions) : null;
    const before = tails.get(name) ?? Promise.resolve();
    const run = before.then(async () => {
      held.set(name, options?.mode ?? 'exclusive');
      try {
        return await callback();
      } finally {
        held.delete(name);
      }
    });
    tails.set(
      name,
      run.catch(() => undefined),
    );
    return run;
  };
  const query = async () => ({
    held: [...held].map(([name, mode]) => ({ name, mode })),
    pending: [],
  });
  return { request: request as Locks['request'], query };
}

export const silent: ProgressChannel = { post: () => undefined, onMessage: () => () => undefined };

export interface Tab {
  runner: Runner;
  sources: SourceRegistry;
  store: JobStore;
  stages: TestStages;
}

export const tabs: Pick<Tab, 'runner' | 'sources'>[] = [];

export function openTab(
  locks: Locks,
  stages = createTestStages(60),
  chosen: Partial<Pick<RunnerDependencies, 'getJobOptions' | 'isModelInUse'>> = {},
): Tab {
  const sources = new SourceRegistry(mediaStore, locks);
  const store = createJobStore();
  const runner = createRunner({
    getJobOptions: async () => ({ ...settings.options, hotWords: settings.vocabulary }),
    isModelInUse: async () => false,
    ...chosen,
    sources,
    locks,
    stages,
    store,
    channel: silent,
  });
  const tab = { runner, sources, store, stages };
  tabs.push(tab);
  return tab;
}

export async function addFile(tab: Tab, id: string, keep = true) {
  const file = new File(['x'], `${id}.wav`);
  const source = { name: file.name, mediaType: '', sizeBytes: 1, sha256: null };
  await jobs.addJobs([{ id, title: id, source, media: keep ? 'copying' : 'none' }]);
  tab.sources.add(id, file, keep);
  tab.runner.wake();
}

/** Writes into some object stores fail as the platform lets them fail. */
export function failWrites(errorName: string, isFailing: (store: IDBObjectStore) => boolean) {
  const { put } = IDBObjectStore.prototype;
  return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    value: unknown,
  ) {
    if (isFailing(this)) throw new DOMException('A test wants it.', errorName);
    return put.call(this, value);
  });
}

/** Names of the object stores that a spied method was called on. */
export const storesOf = ({ mock }: { mock: { contexts: unknown[] } }) =>
  mock.contexts.map((context) => (context as IDBObjectStore).name); // the method's own `this`

export const intentOf = async (id: string) => (await jobs.getJob(id))?.intent;
export const until = (id: string, intent: string) =>
  vi.waitFor(async () => expect(await intentOf(id)).toBe(intent), { timeout: 5000 });
export const textOf = async (id: string) =>
  (await transcripts.getSegments(id)).map((row) => row.text);
/** The recogniser stands still once one and then two segments were recognised. */
export const HOLD_AFTER_TWO = { after: 2, until: new Promise<void>(() => undefined) };
export const allTwelve = Array.from({ length: 12 }, (_, i) => `w${i}`);

/** Closes the tabs after each test, and deletes what they stored. */
export function closeTabsAfterEach(): void {
  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined); // failures are logged, and expected here
  });
  afterEach(async () => {
    for (const tab of tabs.splice(0)) {
      tab.sources.dispose();
      tab.runner.dispose();
    }
    await new Promise((resolve) => setTimeout(resolve, 20)); // what was under way ends
    await closeDatabase();
    await deleteDB('ai2text');
    kept.clear();
    settings.vocabulary = [];
    settings.options = UNCHOSEN;
    vi.restoreAllMocks();
  });
}
