'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { z } from 'zod';
import { queryKeys } from '@/app/_features/app';
import { errorSentence, formatDate } from '@/app/_features/ui';
import { callServer, publicOrigin } from '@/lib/client/http';
import { buildShareLink, hashOf } from '@/lib/client/sharing';
import { listShareLinks, removeShareLink } from '@/lib/client/store';
import { LIFETIME_S, MAX_SHARES, type ShareFacts, sharesApi } from '@/lib/contracts';
import { toAppError } from '@/lib/core';
import { t } from './messages';

const DAY_S = 86_400;

/** How long a link may last, as the dialog offers it: seconds, or a day that is chosen. */
export const LIFETIMES = [
  { value: '3600', name: 'hour' },
  { value: String(DAY_S), name: 'day' },
  { value: String(7 * DAY_S), name: 'week' },
  { value: String(LIFETIME_S.usual), name: 'month' },
  { value: String(365 * DAY_S), name: 'year' },
  { value: 'date', name: 'date' },
] as const;

/**
 * How long a link lasts from now, in s; `null` when the day is not one, is over or is too far away.
 * @param choice a value of `LIFETIMES`
 * @param day as a date field gives it; the link lasts to its end, on this device's clock
 */
export function lifetimeOf(choice: string, day: string, now: Date): number | null {
  if (choice !== 'date') return Number(choice);
  const end = new Date(`${day}T23:59:59`);
  const lifetimeS = Math.floor((end.getTime() - now.getTime()) / 1000);
  return lifetimeS >= LIFETIME_S.min && lifetimeS <= LIFETIME_S.max ? lifetimeS : null;
}

/** A day as a date field takes it, this many days from now. */
export function dayAhead(days: number, now: Date): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The last day that may be chosen, in days from now. */
export const LAST_DAY = Math.floor(LIFETIME_S.max / DAY_S) - 1;

/** The description of a link in the list. */
export function shareTexts(share: ShareFacts, locale?: string): string[] {
  const { createdAt, expiresAt, isExpired, opens, lastOpenedAt } = share;
  return [
    t('made', { date: formatDate(createdAt, locale) }),
    t(isExpired ? 'expired' : 'expiresOn', { date: formatDate(expiresAt, locale) }),
    opens === 0 || lastOpenedAt === null
      ? t('notOpenedYet')
      : t('opened', { count: opens, date: formatDate(lastOpenedAt, locale) }),
    share.kind === 'live' ? t('liveText') : share.audioBytes > 0 ? t('withAudio') : t('textOnly'),
    share.hasPassword ? t('withPassword') : t('withoutPassword'),
  ];
}

/** Why a link could not be made, revoked or listed, and what to do. */
export function shareProblem(error: unknown): string {
  const { code } = toAppError(error);
  switch (code) {
    case 'FORBIDDEN':
      return t('tooManyShares', { count: MAX_SHARES });
    case 'SOURCE_GONE':
      return t('recordingGone');
    case 'UNAUTHENTICATED':
      return t('signedOut');
    case 'CONNECTION_SLOW':
      return t('uploadStalled');
    case 'RATE_LIMITED':
      return t('tooManyAttempts');
    default:
      return errorSentence(code);
  }
}

/** A link to one of the user's transcripts. */
export interface OwnShare extends ShareFacts {
  /** The link itself; `null` when it was made on another device: no server has its secret. */
  link: string | null;
  /** The id in that link. */
  id: string | null;
}

/** The links to a transcript, or all (`null`), newest first. */
export async function fetchShares(
  transcriptId: string | null,
  signal: AbortSignal,
): Promise<OwnShare[]> {
  const query = transcriptId === null ? '' : `?transcriptId=${encodeURIComponent(transcriptId)}`;
  const [{ shares }, kept] = await Promise.all([
    callServer('GET', `/api/shares${query}`, { schema: sharesApi.list.answer, signal }),
    listShareLinks(),
  ]);
  const hashes = await Promise.all(kept.map(({ id }) => hashOf(id)));
  return shares.map((facts) => {
    const known = kept[hashes.indexOf(facts.idHash)];
    return {
      ...facts,
      id: known?.id ?? null,
      link: known
        ? buildShareLink(publicOrigin(), { ...known, isLive: facts.kind === 'live' })
        : null,
    };
  });
}

/** Ends a link at once and permanently; one that has ended already is fine. */
export async function revokeShare({ idHash, id, transcriptId }: OwnShare): Promise<void> {
  try {
    await callServer('DELETE', `/api/shares/${idHash}`, { schema: z.null() });
  } catch (error) {
    if (toAppError(error).code !== 'NOT_FOUND') throw error;
  }
  if (id !== null) await removeShareLink(id, transcriptId);
}

/** The links to a transcript, or all (`null`), as the server has them now. */
export function useShares(transcriptId: string | null) {
  return useQuery({
    queryKey: queryKeys.shares(transcriptId),
    queryFn: ({ signal }) => fetchShares(transcriptId, signal),
    // others open them: nothing on this device reports it
    staleTime: 0,
  });
}

/** Reads the links on the page again. */
export function useRefreshShares(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: ['shares'] }), [client]);
}
