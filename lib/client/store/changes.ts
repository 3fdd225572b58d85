import { currentLibrary } from './current-library';
import { libraryName } from './library';

/** What changed: lists are read again, one transcript's page too when it is the one named. */
export interface Change {
  /** `restarted`: a transcript's text is gone, and another one grows in its place. */
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

/** Tells this tab and all others what was stored. Called after the transaction is done. */
export function announce(kind: Change['kind'], id: string | null = null): void {
  const change: Change = { kind, id };
  connect()?.postMessage(change);
  notify(change);
}

/** Listens to changes of this tab and all others. @returns unsubscribe */
export function onChange(listener: (change: Change) => void): () => void {
  connect();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
