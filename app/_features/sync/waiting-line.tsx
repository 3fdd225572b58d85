'use client';

import { useWaitingText } from './use-sync';

/** Says, in one quiet line, that changes wait for the network. */
export function WaitingLine() {
  const text = useWaitingText();
  // always there: words that come into it are read aloud
  return (
    <p role="status" className={text === null ? 'sr-only' : 'mb-3 text-muted text-sm'}>
      {text}
    </p>
  );
}
