import { diffArrays } from 'diff';
import { findAnchors } from './word-anchors';

/** Words [oldFrom, oldTo) of one text where another has [newFrom, newTo). */
export interface TextRun {
  oldFrom: number;
  oldTo: number;
  newFrom: number;
  newTo: number;
  /** The words are the same, one by one. */
  isSame: boolean;
}

/** Two texts of this many words together are compared by the shortest edit script: it takes 0.1 s at most. */
const SHORT_WORDS = 1_000;
/** Longer ones are, too, if they differ in no more words than this. */
const FEW_EDITS = 600;
/** Gaps between anchors are compared by the shortest edit script up to this many words. */
const SHORT_GAP_WORDS = 300;
/** What all gaps of two texts may cost together, in squares of edits: some 50 ms. */
const MAX_COST = 600_000;
/** Lengths of runs that are tried as anchors, in this order, in words. */
const ANCHOR_WORDS = [4, 2, 1] as const;
/** How deep anchors are looked for between anchors. */
const MAX_DEPTH = 4;

/**
 * Compares two texts by the numbers of their words: by the shortest edit script (Myers, from the library
 * `diff`), whose time grows with the square of the differences. Long texts that differ much are matched first
 * at runs of words that each has exactly once, then by the shortest edit script between these. What would
 * take too long counts as different: the limits depend on the texts alone and never on a clock, so that the
 * page and the store get the same.
 * @returns runs in order that cover both texts: alternately the same words and different ones
 */
export function compareWords(before: readonly number[], after: readonly number[]): TextRun[] {
  const comparison = new Comparison(before, after);
  const [olds, news] = [before.length, after.length];
  const isShort = olds + news <= SHORT_WORDS;
  if (!comparison.addShortest(olds, news, isShort ? olds + news : FEW_EDITS))
    comparison.addByAnchors(olds, news, 0);
  return comparison.runs;
}

/** Two texts that are compared from the beginning to the end. */
class Comparison {
  readonly runs: TextRun[] = [];
  readonly #before: readonly number[];
  readonly #after: readonly number[];
  #cost = 0;

  constructor(before: readonly number[], after: readonly number[]) {
    this.#before = before;
    this.#after = after;
  }

  /** How far the texts are compared. */
  get #oldAt(): number {
    return this.runs.at(-1)?.oldTo ?? 0;
  }

  get #newAt(): number {
    return this.runs.at(-1)?.newTo ?? 0;
  }

  /** Continues up to these words by the shortest edit script. @returns false: it has more edits */
  addShortest(oldTo: number, newTo: number, maxEdits: number): boolean {
    const [oldAt, newAt] = [this.#oldAt, this.#newAt];
    const changes = diffArrays(this.#before.slice(oldAt, oldTo), this.#after.slice(newAt, newTo), {
      maxEditLength: maxEdits,
    });
    if (!changes) return false;
    let edits = 0;
    for (const { count, added, removed } of changes) {
      if (added || removed) edits += count;
      this.#add(added ? 0 : count, removed ? 0 : count, !added && !removed);
    }
    this.#cost += edits * edits;
    return true;
  }

  /**
   * Continues up to these words by runs that both have once. @param depth of the gap between anchors; 0: the
   * whole
   */
  addByAnchors(oldTo: number, newTo: number, depth: number): void {
    this.#addSame(oldTo, newTo);
    const rest = this.#sameEnd(oldTo, newTo);
    this.#addGap(oldTo - rest, newTo - rest, depth);
    this.#add(rest, rest, true);
  }

  #addGap(oldTo: number, newTo: number, depth: number): void {
    const [olds, news] = [oldTo - this.#oldAt, newTo - this.#newAt];
    if (olds === 0 || news === 0) {
      this.#add(olds, news, false);
      return;
    }
    if (depth > 0 && olds + news <= SHORT_GAP_WORDS && this.#cost < MAX_COST) {
      this.addShortest(oldTo, newTo, olds + news);
      return;
    }
    const anchors = depth < MAX_DEPTH ? this.#anchors(oldTo, newTo) : [];
    for (const { oldAt, newAt } of anchors) {
      // words found to be the same so far may extend beyond the anchor
      if (oldAt < this.#oldAt || newAt < this.#newAt) continue;
      this.addByAnchors(oldAt, newAt, depth + 1);
      this.#addSame(oldTo, newTo);
    }
    if (anchors.length > 0) this.addByAnchors(oldTo, newTo, depth + 1);
    else this.#add(olds, news, false);
  }

  #anchors(oldTo: number, newTo: number) {
    for (const length of ANCHOR_WORDS) {
      const anchors = findAnchors(
        { words: this.#before, from: this.#oldAt, to: oldTo },
        { words: this.#after, from: this.#newAt, to: newTo },
        length,
      );
      if (anchors.length > 0) return anchors;
    }
    return [];
  }

  #addSame(oldTo: number, newTo: number): void {
    const [oldAt, newAt] = [this.#oldAt, this.#newAt];
    const most = Math.min(oldTo - oldAt, newTo - newAt);
    let count = 0;
    while (count < most && this.#before[oldAt + count] === this.#after[newAt + count]) count++;
    this.#add(count, count, true);
  }

  /** How many words are the same before these. */
  #sameEnd(oldTo: number, newTo: number): number {
    const most = Math.min(oldTo - this.#oldAt, newTo - this.#newAt);
    let count = 0;
    while (count < most && this.#before[oldTo - 1 - count] === this.#after[newTo - 1 - count])
      count++;
    return count;
  }

  #add(oldCount: number, newCount: number, isSame: boolean): void {
    if (oldCount + newCount === 0) return;
    const [oldFrom, newFrom] = [this.#oldAt, this.#newAt];
    const [oldTo, newTo] = [oldFrom + oldCount, newFrom + newCount];
    const last = this.runs.at(-1);
    if (last?.isSame === isSame) {
      last.oldTo = oldTo;
      last.newTo = newTo;
    } else this.runs.push({ oldFrom, oldTo, newFrom, newTo, isSame });
  }
}
