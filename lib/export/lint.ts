import { type Cue, GAP_FRAMES, gapOf } from './cues';
import type { SubtitleRules } from './options';

/** A rule that a cue breaks. */
export type CueRule =
  | 'too-fast'
  | 'long-line'
  | 'too-many-lines'
  | 'too-short'
  | 'too-long'
  | 'overlap'
  | 'small-gap';

/** One breach of a rule, with what was measured and what the rule asks for. */
export interface CueProblem {
  rule: CueRule;
  /** Of the cue, counted from 1, as SubRip numbers them. */
  number: number;
  startMs: number;
  /** Characters a second, characters, lines, ms, or frames: as the rule counts. */
  value: number;
  limit: number;
}

/** Which rules the cues of a file break, cue by cue. @param cues in the order of the file */
export function lintCues(
  cues: readonly Omit<Cue, 'speaker'>[],
  rules: SubtitleRules,
): CueProblem[] {
  const problems: CueProblem[] = [];
  const gapMs = gapOf(rules);
  for (const [at, { startMs, endMs, lines }] of cues.entries()) {
    const report = (rule: CueRule, value: number, limit: number) =>
      problems.push({ rule, number: at + 1, startMs, value, limit });
    const shownMs = endMs - startMs;
    const widths = lines.map((line) => [...line].length);
    const widest = Math.max(0, ...widths);
    if (widest > rules.lineLength) report('long-line', widest, rules.lineLength);
    if (lines.length > rules.lines) report('too-many-lines', lines.length, rules.lines);
    if (shownMs < rules.minMs) report('too-short', shownMs, rules.minMs);
    if (shownMs > rules.maxMs) report('too-long', shownMs, rules.maxMs);
    // the end of a line takes the time of a space
    const characters = widths.reduce((sum, width) => sum + width, lines.length - 1);
    const speed = (characters * 1000) / Math.max(1, shownMs);
    if (speed > rules.charactersPerSecond) report('too-fast', speed, rules.charactersPerSecond);
    const next = cues[at + 1];
    if (!next) continue;
    const untilNextMs = next.startMs - endMs;
    if (untilNextMs < 0) report('overlap', -untilNextMs, 0);
    else if (untilNextMs < gapMs)
      report('small-gap', (untilNextMs * rules.frameRate) / 1000, GAP_FRAMES);
  }
  return problems;
}
