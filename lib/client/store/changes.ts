import type { EditPatch } from '@/lib/transcript';
import { currentLibrary } from './current-library';
import { libraryName } from './library';

/** What changed. Lists are read again, and so is a transcript's page if `id` is its own. */
export interface Change {
  /**
   * `restarted`: a transcript's text was removed and is being written again. `elsewhere`: remote
   * transcripts; the names are also those of older builds in other tabs.
   */
  kind:
    | 'edited'
    | 'jobs'
    | 'transcripts'
    | 'segments'
    | 'restarted'
    | 'settings'
    | 'elsewhere'
    | 'outbox'
    | 'share-links'
    | 'contributions'
    | 'watched-folder';
  id: string | null;
  /** Of `edited`: what it did to the rows. Missing: so much that they are better read again. */
  patch?: EditPatch;
}

const listeners = new Set<(change: Change) => void>();
let channel: BroadcastChannel | null = null;

function connect(): BroadcastChannel | null {
  if (typeof BroadcastChannel === 'undefined') return null;
  if (!channel) {
    channel = new BroadcastChannel(`${libraryName(currentLibrary())}:changes`);
    channel.addEventListener('message', (event: MessageEvent<Change>) => notify(event.data));
  }
  return channel;
}

function notify(change: Change): void {
  for (const listener of [...listeners]) listener(change);
}

/** Notifies this tab and all others of what was stored. Called once the transaction is done. */
export function announce(kind: Change['kind'], id: string | null = null): void {
  const change: Change = { kind, id };
  connect()?.postMessage(change);
  notify(change);
}

/** A patch of more rows is not sent along: reading them again is quicker. */
const MAX_SENT_ROWS = 200;

/**
 * Notifies of an edit.
 * @param isShown this tab shows it already: only the others are notified
 */
export function announceEdit(id: string, patch: EditPatch, isShown: boolean): void {
  const { removed, added, relabelled } = patch;
  const isSmall = removed.length + added.length + relabelled.length <= MAX_SENT_ROWS;
  const change: Change = isSmall ? { kind: 'edited', id, patch } : { kind: 'edited', id };
  connect()?.postMessage(change);
  if (!isShown) notify(change);
}

/** Subscribes to changes made in this tab and all others. @returns unsubscribe */
export function onChange(listener: (change: Change) => void): () => void {
  connect();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
