import type { ErrorCode } from '@/lib/core';
import { t } from './messages';

/**
 * What is said of changes that wait; `null` when there is nothing to say: they go in a moment.
 * @param waiting how many transcripts the server has not been told of
 */
export function waitingText(
  waiting: number,
  isOnline: boolean,
  problem: ErrorCode | null,
): string | null {
  if (problem === 'TOO_LARGE') return t('listFull');
  if (waiting === 0) return null;
  if (!isOnline) return t('sentWhenOnline', { waiting });
  if (problem === null || problem === 'UNAUTHENTICATED' || problem === 'ABORTED') return null;
  return t('couldNotBeSent', { waiting });
}
