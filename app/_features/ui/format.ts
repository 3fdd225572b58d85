import { formatDuration } from '@/lib/core';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `1234567` → `1.2 MB`: a size in steps of a thousand, as file managers count. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let at = 0;
  while (value >= 999.5 && at < UNITS.length - 1) {
    value /= 1000;
    at += 1;
  }
  const digits = at === 0 || value >= 99.5 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[at]}`;
}

/** `1 word`, `1,234 words`. The plural is the singular with an s unless it is given. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** A stored moment as the reader's own date and time; an unreadable one is empty. */
export function formatDate(iso: string, locale?: string): string {
  return dateText(iso, 'short', locale);
}

/** The same with its seconds, for what may happen twice in a minute. */
export function formatMoment(iso: string, locale?: string): string {
  return dateText(iso, 'medium', locale);
}

function dateText(iso: string, timeStyle: 'short' | 'medium', locale?: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle }).format(date);
}

/** A measured time: `412 ms`, and from one second on `24.1 s`. */
export function formatMeasured(ms: number): string {
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
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
  if (remainingMs < 5_000) return 'a few seconds left';
  if (remainingMs < 60_000) return `about ${Math.ceil(remainingMs / 10_000) * 10} s left`;
  return `about ${formatDuration(remainingMs)} left`;
}
