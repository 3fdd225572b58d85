import { formatDuration, trackLabel } from '@/app/_features/ui';
import { formatClock, isolated } from '@/lib/core';
import type { DecodeNotice } from '@/lib/engine/audio';
import { t } from './messages';

/** More of one kind than this are summed up in one sentence. */
const MAX_SINGLE = 3;
/** A gap from here on is rather a jump of the file's clock. */
const JUMP_MS = 60_000;
/** Gaps below this are called short. */
const SHORT_MS = 10_000;

/** What the reader should know of how the source could be read: a sentence each, few in all. */
export function noticeTexts(notices: readonly DecodeNotice[]): string[] {
  const texts: string[] = [];
  for (const kind of ['gap', 'missing'] as const) {
    const gaps = notices.filter((notice) => notice.kind === kind);
    const count = gaps.reduce((sum, gap) => sum + (gap.count ?? 1), 0);
    if (count > MAX_SINGLE) texts.push(kind === 'gap' ? sumDamage(gaps) : sumMissing(gaps, count));
    else texts.push(...gaps.map(kind === 'gap' ? damageText : missingText));
  }
  for (const { kind, atMs, lengthMs, track } of notices) {
    if (kind === 'track' && track) texts.push(trackText(track, atMs));
    if (kind === 'cut-off')
      texts.push(
        lengthMs === null
          ? t('cutOff', { at: formatClock(atMs) })
          : t('cutOffBy', { at: formatClock(atMs), length: lengthText(lengthMs) }),
      );
    if (kind === 'clock') texts.push(t('clockJumps', { length: lengthText(lengthMs ?? 0) }));
  }
  return [...new Set(texts)];
}

function trackText({ index, name }: NonNullable<DecodeNotice['track']>, atMs: number): string {
  const track = isolated(trackLabel({ name, language: null }, index));
  return atMs === 0
    ? t('trackUnreadable', { track })
    : t('trackBreaksOff', { track, at: formatClock(atMs) });
}

function damageText({ atMs, lengthMs }: DecodeNotice): string {
  const at = formatClock(atMs);
  return lengthMs === null
    ? t('damaged', { at })
    : t('damagedFor', { at, length: lengthText(lengthMs) });
}

function sumDamage(gaps: readonly DecodeNotice[]): string {
  return t('damagedParts', { count: gaps.length, ...between(gaps) });
}

function missingText({ atMs, lengthMs }: DecodeNotice): string {
  const at = formatClock(atMs);
  const length = lengthMs ?? 0;
  if (length >= JUMP_MS) return t('clockJumpsAt', { length: formatDuration(length), at });
  return t('noSound', { length: lengthText(length), at });
}

function sumMissing(gaps: readonly DecodeNotice[], count: number): string {
  const lengthMs = gaps.reduce((sum, gap) => sum + (gap.lengthMs ?? 0), 0);
  const isShort = gaps.every((gap) => (gap.lengthMs ?? 0) / (gap.count ?? 1) < SHORT_MS);
  const key = isShort ? 'shortGaps' : 'gaps';
  return t(key, { count, ...between(gaps), length: lengthText(lengthMs) });
}

function between(gaps: readonly DecodeNotice[]): { from: string; to: string } {
  return { from: formatClock(gaps[0]?.atMs ?? 0), to: formatClock(gaps.at(-1)?.atMs ?? 0) };
}

function lengthText(ms: number): string {
  return ms < 1000 ? t('underOneSecond') : formatDuration(ms);
}
