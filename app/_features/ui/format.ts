import { currentLanguage, formatLocale } from '@/app/_features/i18n';
import { isolated } from '@/lib/core';
import type { AudioTrackInfo } from '@/lib/engine/audio';
import { t } from './messages';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** A number as the reader writes it, and as messages do, with this many decimals. */
export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString(formatLocale(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** A share of 100, in whole steps. */
export const formatPercent = (percent: number): string => t('percent', { percent });

/** A length of time in words a person would use: `40 s`, `3 min`, `1 h 5 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return t('seconds', { seconds });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t('minutes', { minutes });
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0 ? t('hours', { hours }) : t('hoursAndMinutes', { hours, minutes: rest });
}

/** Several things in a row, as the reader's language joins them: `a, b and c`. */
export function formatList(items: readonly string[]): string {
  return new Intl.ListFormat(formatLocale(), { type: 'conjunction' }).format(items);
}

/** `1234567` → `1.2 MB`: a size in steps of a thousand, as file managers count. */
export function formatBytes(bytes: number): string {
  return sizeWith(bytes, 99.5);
}

/** A size that is known roughly: `43 MB`, `1.6 GB`. */
export function formatRoughBytes(bytes: number): string {
  return sizeWith(bytes, 9.95);
}

/** @param wholeFrom numbers from this one on have no decimals */
function sizeWith(bytes: number, wholeFrom: number): string {
  let value = Math.max(0, bytes);
  let at = 0;
  while (value >= 999.5 && at < UNITS.length - 1) {
    value /= 1000;
    at += 1;
  }
  const digits = at === 0 || value >= wholeFrom ? 0 : 1;
  return withUnit(`${formatNumber(value, digits)} ${UNITS[at]}`);
}

/** How many times faster than it was said: `1.25×`. */
export const formatSpeed = (rate: number): string =>
  withUnit(`${rate.toLocaleString(formatLocale())}×`);

/**
 * A number and a unit that is written alike in every language. It is isolated on pages that run from right to
 * left: the unit, Latin letters or a sign, would be drawn before the number there.
 */
const withUnit = (text: string): string => isolated(text, currentLanguage().dir);

/** A stored moment as the reader's own date and time; an unreadable one is empty. */
export function formatDate(iso: string, locale = formatLocale()): string {
  return dateText(iso, 'short', locale);
}

/** The same with its seconds, for what may happen twice in a minute. */
export function formatMoment(iso: string, locale = formatLocale()): string {
  return dateText(iso, 'medium', locale);
}

function dateText(iso: string, timeStyle: 'short' | 'medium', locale: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle }).format(date);
}

/** A measured time: `412 ms`, and from one second on `24.1 s`. */
export function formatMeasured(ms: number): string {
  return ms < 999.5
    ? t('milliseconds', { milliseconds: Math.round(ms) })
    : t('seconds', { seconds: formatNumber(ms / 1000, 1) });
}

/** The part of a text around its first match, cut at words; `null` when nothing matches. */
export function snippet(
  text: string,
  query: string,
  around = 60,
): { before: string; match: string; after: string } | null {
  const wanted = query.trim().toLowerCase();
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted);
  if (at < 0) return null;
  const end = at + wanted.length;
  // text without spaces is cut anywhere
  const space = text.indexOf(' ', at - around);
  const start = at <= around ? 0 : space >= 0 && space < at ? space + 1 : at - around;
  const lastSpace = text.lastIndexOf(' ', end + around);
  const to = end + around >= text.length ? text.length : lastSpace > end ? lastSpace : end + around;
  return {
    before: `${start > 0 ? '… ' : ''}${text.slice(start, at)}`,
    match: text.slice(at, end),
    after: `${text.slice(end, to)}${to < text.length ? ' …' : ''}`,
  };
}

/** The time left as a person would say it: coarse when far, never counted to the second. */
export function remainingText(remainingMs: number | null): string {
  if (remainingMs === null) return '';
  if (remainingMs < 5_000) return t('aFewSecondsLeft');
  const rounded = remainingMs < 60_000 ? Math.ceil(remainingMs / 10_000) * 10_000 : remainingMs;
  // 60 s, not 1 min, just below a minute
  const time =
    rounded <= 60_000 ? t('seconds', { seconds: rounded / 1000 }) : formatDuration(rounded);
  return t('timeLeft', { time });
}

/** A time of day to the second. */
export function formatTimeOfDay(date: Date): string {
  return new Intl.DateTimeFormat(formatLocale(), { timeStyle: 'medium' }).format(date);
}

/** A track as a choice: its number among all, and what the file says about it. */
export function trackLabel(
  { name, language }: Pick<AudioTrackInfo, 'name' | 'language'>,
  index: number,
): string {
  const facts = [name, language && languageName(language)].filter((fact) => fact);
  return [t('track', { number: index + 1 }), ...facts].join(' · ');
}

/** The name of a language that a file names by a code of ISO 639 or by a tag of BCP 47. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(formatLocale(), { type: 'language' }).of(code) ?? code;
  } catch (error) {
    // no code at all: files hold anything here
    if (error instanceof RangeError) return code;
    throw error;
  }
}

/** How a number of channels is called. */
export function channelsText(channels: number): string {
  const names: Record<number, string> = { 1: t('mono'), 2: t('stereo'), 6: '5.1', 8: '7.1' };
  return names[channels] ?? t('channels', { channels });
}
