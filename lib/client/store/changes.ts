import { currentLibrary } from './current-library';
import { libraryName } from './library';

/** What changed. Lists are read again, and so is a transcript's page if `id` is its own. */
export interface Change {
  /**
   * `restarted`: a transcript's text was removed and is being written again. `elsewhere`: remote
   * transcripts; the names are also those of older builds in other tabs.
   */
  kind:
    | 'jobs'
    | 'transcripts'
    | 'segments'
    | 'restarted'
    | 'settings'
    | 'elsewhere'
    | 'outbox'
    | 'share-links';
  id: string | null;
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

/** Subscribes to changes made in this tab and all others. @returns unsubscribe */
export function onChange(listener: (change: Change) => void): () => void {
  connect();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
