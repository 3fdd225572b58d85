import { formatCount } from '@/app/_features/ui';
import { formatClock, formatDuration } from '@/lib/core';
import type { DecodeNotice } from '@/lib/engine/audio';

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
  for (const { kind, atMs, lengthMs } of notices) {
    if (kind === 'cut-off')
      texts.push(
        `The recording breaks off at ${formatClock(atMs)}: the rest of the file${inBrackets(lengthMs)} could not be read.`,
      );
    if (kind === 'clock')
      texts.push(
        `The file says that it is ${lengthText(lengthMs ?? 0)} longer than the sound it holds, so its clock jumps somewhere. All of its sound is here; behind the jump, times can be earlier than in a player.`,
      );
  }
  return [...new Set(texts)];
}

function damageText({ atMs, lengthMs }: DecodeNotice): string {
  return `A damaged part at ${formatClock(atMs)}${inBrackets(lengthMs)} could not be read and is missing here.`;
}

function sumDamage(gaps: readonly DecodeNotice[]): string {
  return `${formatCount(gaps.length, 'damaged part')} ${between(gaps)} could not be read and are missing here.`;
}

function missingText({ atMs, lengthMs }: DecodeNotice): string {
  const length = lengthMs ?? 0;
  if (length >= JUMP_MS)
    return `The file’s clock jumps ahead by ${formatDuration(length)} at ${formatClock(atMs)}, with no sound in between. Times behind it are those of the file.`;
  return `The file holds no sound for ${lengthText(length)} at ${formatClock(atMs)}.`;
}

function sumMissing(gaps: readonly DecodeNotice[], count: number): string {
  const lengthMs = gaps.reduce((sum, gap) => sum + (gap.lengthMs ?? 0), 0);
  const isShort = gaps.every((gap) => (gap.lengthMs ?? 0) / (gap.count ?? 1) < SHORT_MS);
  return `${formatCount(count, isShort ? 'short gap' : 'gap')} ${between(gaps)}, ${lengthText(lengthMs)} in all: the file holds no sound there.`;
}

function between(gaps: readonly DecodeNotice[]): string {
  return `between ${formatClock(gaps[0]?.atMs ?? 0)} and ${formatClock(gaps.at(-1)?.atMs ?? 0)}`;
}

function lengthText(ms: number): string {
  return ms < 1000 ? 'less than a second' : formatDuration(ms);
}

function inBrackets(ms: number | null): string {
  return ms === null ? '' : ` (${lengthText(ms)})`;
}
