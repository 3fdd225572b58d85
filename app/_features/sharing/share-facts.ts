import { errorSentence, formatCount, formatDate } from '@/app/_features/ui';
import { LIFETIME_S, MAX_SHARES, type ShareFacts } from '@/lib/contracts';
import { toAppError } from '@/lib/core';

const DAY_S = 86_400;

/** How long a link may last, as the dialog offers it: seconds, or a day that is chosen. */
export const LIFETIMES: readonly { value: string; label: string }[] = [
  { value: '3600', label: 'In an hour' },
  { value: String(DAY_S), label: 'In a day' },
  { value: String(7 * DAY_S), label: 'In a week' },
  { value: String(LIFETIME_S.usual), label: 'In 30 days' },
  { value: String(365 * DAY_S), label: 'In a year' },
  { value: 'date', label: 'On a day …' },
];

/**
 * How long a link lasts from now, in s; `null` when the day is none, is over or is too far away.
 * @param choice a value of `LIFETIMES`
 * @param day as a date field gives it; the link lasts to its end, on this device's clock
 */
export function lifetimeOf(choice: string, day: string, now: Date): number | null {
  if (choice !== 'date') return Number(choice);
  const end = new Date(`${day}T23:59:59`);
  const lifetimeS = Math.floor((end.getTime() - now.getTime()) / 1000);
  return lifetimeS >= LIFETIME_S.min && lifetimeS <= LIFETIME_S.max ? lifetimeS : null;
}

/** A day as a date field takes it, so many days from now. */
export function dayAhead(days: number, now: Date): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The last day that may be chosen, in days from now. */
export const LAST_DAY = Math.floor(LIFETIME_S.max / DAY_S) - 1;

/** What is said of a link in the list. */
export function shareTexts(share: ShareFacts, locale?: string): string[] {
  const { createdAt, expiresAt, isExpired, opens, lastOpenedAt } = share;
  return [
    `Made ${formatDate(createdAt, locale)}`,
    `${isExpired ? 'Expired' : 'Expires'} ${formatDate(expiresAt, locale)}`,
    opens === 0 || lastOpenedAt === null
      ? 'Not opened yet'
      : `Opened ${formatCount(opens, 'time')}, last ${formatDate(lastOpenedAt, locale)}`,
    share.audioBytes > 0 ? 'With audio' : 'Text only',
    share.hasPassword ? 'With a password' : 'Without a password',
  ];
}

/** Why a link could not be made, revoked or listed, and what to do. */
export function shareProblem(error: unknown): string {
  const { code } = toAppError(error);
  switch (code) {
    case 'FORBIDDEN':
      return `There are ${MAX_SHARES} links of yours already. Revoke some, then try again.`;
    case 'SOURCE_GONE':
      return 'The recording is not in this browser any more. Share the text without it.';
    case 'UNAUTHENTICATED':
      return 'You were signed out. Sign in, then share it again.';
    case 'CONNECTION_SLOW':
      return 'The upload was stopped: the connection is too slow, or came to a standstill. Try again where it is better, or leave out the audio.';
    case 'RATE_LIMITED':
      return 'Too many links were made in a short time. Wait a while, then try again.';
    default:
      return errorSentence(code);
  }
}
