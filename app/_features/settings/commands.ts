import type { QueryClient } from '@tanstack/react-query';
import { queryKeys } from '@/app/_features/app';
import { attempt, showToast } from '@/app/_features/ui';
import { askToPersist, removeMedia, updateTranscript } from '@/lib/client/store';
import { t } from './messages';

/** Asks the browser to keep what is stored, and says so if it refuses. */
export const protectStorage = (client: QueryClient): Promise<boolean> =>
  attempt(async () => {
    const granted = await askToPersist();
    await client.invalidateQueries({ queryKey: queryKeys.storage });
    if (!granted) showToast({ text: t('notPersisted') });
  });

/**
 * Deletes the recording of a transcript; its text stays.
 * @returns whether it was deleted; a failure is shown
 */
export const deleteRecording = (transcriptId: string): Promise<boolean> =>
  attempt(async () => {
    // first what the page shows: a crash in between leaves a file that nothing needs
    await updateTranscript(transcriptId, { media: 'none' });
    await removeMedia(transcriptId);
  });
