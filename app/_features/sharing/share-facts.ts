import { errorSentence, formatDate } from '@/app/_features/ui';
import { LIFETIME_S, MAX_SHARES, type ShareFacts } from '@/lib/contracts';
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

/** What is said of a link in the list. */
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
