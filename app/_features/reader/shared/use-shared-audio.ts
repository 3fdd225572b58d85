'use client';

import { useCallback, useEffect, useState } from 'react';
import { downloadAudio, type OpenShare, type Transfer } from '@/lib/client/sharing';
import { type AppError, isAbort, toAppError } from '@/lib/core';

/** Up to this size a recording comes without being asked for, in bytes. */
const UNASKED_BYTES = 64 * 2 ** 20;

/** The recording of an opened share, on its way here. */
export type SharedAudioState =
  | { kind: 'none' }
  /** It is large: the reader may not want it. */
  | { kind: 'offered'; start: () => void }
  | { kind: 'coming'; transfer: Transfer }
  | { kind: 'failed'; error: AppError; start: () => void }
  | { kind: 'here'; url: string };

/** Downloads the recording of a share, at once or when it is asked for. */
export function useSharedAudio(share: OpenShare): SharedAudioState {
  const { audio } = share.document;
  const sizeBytes = audio?.sizeBytes ?? 0;
  const [wanted, setWanted] = useState(sizeBytes > 0 && sizeBytes <= UNASKED_BYTES && !savesData());
  const [transfer, setTransfer] = useState<Transfer>({ doneBytes: 0, totalBytes: sizeBytes });
  const [error, setError] = useState<AppError | null>(null);
  const [url, setUrl] = useState<string | null>(null);

  useEffect(() => {
    if (!audio || !wanted) return;
    const scope = new AbortController();
    const { signal } = scope;
    let made: string | null = null;
    downloadAudio(share, audio, { signal, onProgress: setTransfer }).then(
      (blob) => {
        if (signal.aborted) return;
        made = URL.createObjectURL(blob);
        setUrl(made);
      },
      (failure: unknown) => {
        if (isAbort(failure) || signal.aborted) return;
        setError(toAppError(failure));
        setWanted(false);
      },
    );
    return () => {
      scope.abort();
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [share, audio, wanted]);

  const start = useCallback(() => {
    setError(null);
    setWanted(true);
  }, []);

  if (!audio) return { kind: 'none' };
  if (url !== null) return { kind: 'here', url };
  if (error) return { kind: 'failed', error, start };
  return wanted ? { kind: 'coming', transfer } : { kind: 'offered', start };
}

/** Whether the browser was asked to save data. */
function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}
