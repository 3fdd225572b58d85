import { QueryCache, QueryClient } from '@tanstack/react-query';
import { clearBlocked, showBanner } from '@/app/_features/ui';
import type { Change, SegmentRecord, TranscriptRecord } from '@/lib/client/store';
import { isAppError } from '@/lib/core';
import { type EditPatch, patched, type Word } from '@/lib/transcript';

/**
 * Throttles changes: of equal ones, the first is applied immediately and those that follow within `everyMs`
 * are applied once, at the end of it. Otherwise a job that stores several batches a second would make the page
 * read its transcript as often.
 */
export function batchChanges(
  apply: (change: Change) => void,
  everyMs: number,
): { add: (change: Change) => void; dispose: () => void } {
  const waiting = new Map<string, Change>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const rest = (key: string) => {
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        const change = waiting.get(key);
        if (!change) return;
        waiting.delete(key);
        apply(change);
        rest(key);
      }, everyMs),
    );
  };

  return {
    add: (change) => {
      // edits are never equal: none can stand for another
      if (change.patch) {
        apply(change);
        return;
      }
      const key = `${change.kind}:${change.id}`;
      if (timers.has(key)) {
        waiting.set(key, change);
        return;
      }
      apply(change);
      rest(key);
    },
    dispose: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      waiting.clear();
    },
  };
}

/** Rows of a transcript, by their index, whose words are read together. */
export const ROWS_PER_PAGE = 50;

/** The page of words that a row is on. */
export const pageOfRow = (index: number): number => Math.floor(index / ROWS_PER_PAGE);

/** The key of every query; changes in the store invalidate queries by these. */
export const queryKeys = {
  transcripts: ['transcripts'] as const,
  search: (query: string) => ['search', query] as const,
  transcript: (id: string) => ['transcript', id] as const,
  /** Transcripts of other devices, and one of them. */
  remoteTranscripts: ['elsewhere'] as const,
  remoteTranscript: (id: string) => ['elsewhere', id] as const,
  /** How many changes have not been sent to the server. */
  waiting: ['waiting'] as const,
  segments: (id: string) => ['segments', id] as const,
  words: (id: string, page: number) => ['words', id, page] as const,
  /** What edits have touched, and when. */
  changes: (id: string) => ['changes', id] as const,
  peaks: (id: string, durationMs: number) => ['peaks', id, durationMs] as const,
  media: (id: string) => ['media', id] as const,
  setting: (name: string) => ['setting', name] as const,
  storage: ['storage'] as const,
  /** Below `storage`: what this library's recordings take up. */
  librarySize: ['storage', 'library'] as const,
  offers: ['offers'] as const,
  catalogue: ['catalogue'] as const,
  device: ['device'] as const,
  microphones: ['microphones'] as const,
  recordingSupport: ['recording-support'] as const,
  shares: (transcriptId: string | null) => ['shares', transcriptId] as const,
  /** What can be given of a transcript, and what was given from this browser. */
  clips: (id: string) => ['clips', id] as const,
  contributions: ['contributions'] as const,
  /** What the server says of the training set. */
  dataset: ['dataset'] as const,
  ownEntries: ['dataset', 'own'] as const,
  watchedFolder: ['watched-folder'] as const,
  session: ['session'] as const,
  signInFacts: ['sign-in-facts'] as const,
  account: ['account'] as const,
  sessions: ['account', 'sessions'] as const,
  signInMethods: ['account', 'ways-in'] as const,
  members: ['account', 'members'] as const,
  work: ['account', 'work'] as const,
  inbox: ['account', 'inbox'] as const,
  unread: ['account', 'unread'] as const,
  /** Which transcripts of the inbox are in the library. */
  inLibrary: ['transcripts', 'ids'] as const,
  invitations: ['account', 'invitations'] as const,
  /** What an open document would look like as a file, and what its subtitles break of their rules. */
  exportPreview: (document: string, format: string, options: object) =>
    ['export-preview', document, format, options] as const,
  subtitleCheck: (document: string, format: string, options: object) =>
    ['subtitle-check', document, format, options] as const,
};

/**
 * The cache of what pages read from the store. Nothing in it goes stale over time, since the store reports what
 * changed, and nothing waits for a network, since everything is on this device.
 */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (!isAppError(error)) return;
        if (error.code === 'STORE_BLOCKED') showBanner('store-blocked');
        // the session was ended from another device
        if (error.code === 'UNAUTHENTICATED')
          void client.invalidateQueries({ queryKey: queryKeys.session });
      },
      onSuccess: (_data, { queryKey: [name] }) => {
        // only these prove that the database opens
        if (name === 'transcripts' || name === 'transcript' || name === 'setting') clearBlocked();
      },
    }),
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: false,
      },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}

/** Invalidates what a change made stale; what is on the page is read again immediately. */
export function invalidateFor(client: QueryClient, { kind, id, patch }: Change): void {
  const stale = (queryKey: readonly unknown[]) => void client.invalidateQueries({ queryKey });
  switch (kind) {
    case 'transcripts':
      stale(queryKeys.transcripts);
      stale(['search']);
      stale(queryKeys.storage);
      stale(id === null ? ['transcript'] : queryKeys.transcript(id));
      return;
    case 'edited':
      if (id === null) return;
      if (patch) showPatch(client, id, patch);
      else for (const name of ['segments', 'words']) stale([name, id]);
      stale(queryKeys.changes(id));
      return;
    case 'segments':
      if (id === null) return;
      stale(queryKeys.transcript(id));
      stale(queryKeys.segments(id));
      stale(['peaks', id]);
      // full pages of a growing transcript stay as they are
      void client.invalidateQueries({
        queryKey: ['words', id],
        predicate: ({ state }) => !isFullPage(state.data),
      });
      return;
    case 'restarted':
      if (id === null) return;
      for (const name of ['transcript', 'segments', 'peaks', 'words', 'changes']) stale([name, id]);
      return;
    case 'settings':
      stale(id === null ? ['setting'] : queryKeys.setting(id));
      return;
    case 'elsewhere':
      stale(queryKeys.remoteTranscripts);
      stale(['search']);
      return;
    case 'outbox':
      stale(queryKeys.waiting);
      return;
    case 'contributions':
      stale(queryKeys.contributions);
      return;
    case 'watched-folder':
      stale(queryKeys.watchedFolder);
      return;
    case 'share-links':
      stale(['shares']);
      return;
    case 'jobs':
      stale(queryKeys.storage);
      return;
  }
}

function isFullPage(rows: unknown): boolean {
  if (!(rows instanceof Map)) return false;
  // rows that edits add have fractional indexes
  return [...rows.keys()].filter(Number.isInteger).length >= ROWS_PER_PAGE;
}

/** Applies an edit to what has been read of a transcript, without reading it again. */
export function showPatch(client: QueryClient, id: string, patch: EditPatch): void {
  const speakers = patch.speakers?.after;
  if (speakers)
    client.setQueryData<TranscriptRecord>(
      queryKeys.transcript(id),
      (before) => before && { ...before, speakers },
    );
  const rows = patch.added.map(
    ({ words, ...row }): SegmentRecord => ({ ...row, transcriptId: id, wordCount: words.length }),
  );
  client.setQueryData<SegmentRecord[]>(
    queryKeys.segments(id),
    (before) =>
      before &&
      patched(before, { removed: patch.removed, added: rows, relabelled: patch.relabelled }),
  );
  const changed = [...patch.removed, ...patch.added].map(({ index }) => pageOfRow(index));
  for (const page of new Set(changed))
    client.setQueryData<ReadonlyMap<number, Word[]>>(queryKeys.words(id, page), (before) => {
      if (!before) return undefined;
      const words = new Map(before);
      for (const { index } of patch.removed) words.delete(index);
      for (const row of patch.added)
        if (pageOfRow(row.index) === page) words.set(row.index, row.words);
      return words;
    });
}
