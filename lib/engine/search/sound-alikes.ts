import type { CtcSearch } from '@/lib/catalogue';
import { LOG_ZERO, logAdd } from './hypotheses';
import { type LanguageModel, SENTENCE_START, UNKNOWN_WORD } from './language-model';
import { type Lexicon, ROOT } from './lexicon';

/** Nodes of the tree kept from frame to frame: few are enough, since a span holds one word. */
const KEPT_NODES = 200;

/** Longer spans hold a pause or several words: no single word is looked for. */
const MOST_FRAMES = 60;

/** Only words that are less sure than this get other words beside them. */
export const ALTERNATIVES_BELOW = 0.5;

/** How many other words a doubtful one gets at most. */
const MOST_ALTERNATIVES = 3;

/**
 * How far beyond a word's frames an alternative may reach: where it begins and ends is as doubtful as the
 * word.
 */
const REACH_FRAMES = 4;

/** A word that was recognised, and where. */
export interface PlacedWord {
  /** Its id; `UNKNOWN_WORD` where the language model does not have it. */
  word: number;
  firstFrame: number;
  lastFrame: number;
  /** 0 to 1. */
  confidence: number;
}

/** The words around a place. */
interface WordContext {
  /** The two words before it. */
  before: readonly [number, number];
  /** The word after it; `null`: the speech ends there. */
  after: number | null;
}

/** How a node of the tree was reached up to a frame. */
interface Path {
  node: number;
  lastUnit: number;
  /** Log-probability of the paths that end in a blank, and of those that end in the last unit. */
  blank: number;
  spoken: number;
}

/**
 * Finds the words that sound most like a span of a network's output, one at a time: what a word that was
 * recognised there may be instead. The beam of a whole search cannot tell: by its end, hypotheses that differ
 * in an early word are gone.
 */
export class SoundAlikes {
  constructor(
    private readonly model: LanguageModel,
    private readonly lexicon: Lexicon,
    private readonly units: number,
    private readonly options: Pick<CtcSearch, 'weight' | 'blankPenalty' | 'newWordScore'>,
  ) {}

  /**
   * What else the doubtful words among those of a segment may be.
   * @param logProbs natural log-probabilities of all its frames
   * @param words those that were recognised, in order
   * @returns by index among `words`, the ids of other words, the likeliest first
   */
  ofDoubtful(
    logProbs: Float32Array,
    frames: number,
    words: readonly PlacedWord[],
  ): Map<number, number[]> {
    const known = words.map(({ word }) => this.known(word));
    const found = new Map<number, number[]>();
    for (const [at, { word, firstFrame, lastFrame, confidence }] of words.entries()) {
      if (confidence >= ALTERNATIVES_BELOW) continue;
      const span = {
        from: Math.max((words[at - 1]?.lastFrame ?? -1) + 1, firstFrame - REACH_FRAMES),
        to: Math.min(words[at + 1]?.firstFrame ?? frames, lastFrame + 1 + REACH_FRAMES),
      };
      const context: WordContext = {
        before: [known[at - 2] ?? SENTENCE_START, known[at - 1] ?? SENTENCE_START],
        after: known[at + 1] ?? null,
      };
      const others = this.find(logProbs, span, context).filter((other) => other !== word);
      if (others.length > 0) found.set(at, others.slice(0, MOST_ALTERNATIVES));
    }
    return found;
  }

  /**
   * The words that fit best to the frames [from, to), the best first, each by itself. Scores are those
   * of the search: the sound's log-probability and that of the word between its neighbours.
   */
  private find(
    logProbs: Float32Array,
    { from, to }: { from: number; to: number },
    context: WordContext,
  ): number[] {
    if (to <= from || to - from > MOST_FRAMES) return [];
    let paths: Path[] = [{ node: ROOT, lastUnit: 0, blank: 0, spoken: LOG_ZERO }];
    for (let frame = from; frame < to; frame++)
      paths = this.step(paths, logProbs.subarray(frame * this.units, (frame + 1) * this.units));
    const best = new Map<number, number>();
    for (const path of paths) {
      const heard = logAdd(path.blank, path.spoken);
      for (const word of this.lexicon.wordsAt(path.node)) {
        const score = heard + this.options.weight * this.written(word, context);
        // a word may be said in several ways
        if (score > (best.get(word) ?? LOG_ZERO)) best.set(word, score);
      }
    }
    return [...best].sort(([a, score], [b, other]) => other - score || a - b).map(([word]) => word);
  }

  /** One frame further: every path takes a blank, stays in its unit, or takes a unit that may follow. */
  private step(paths: readonly Path[], row: Float32Array): Path[] {
    const next = new Map<number, Path>();
    const rest = (row[0] ?? 0) - this.options.blankPenalty;
    const reach = (node: number, unit: number) => {
      const there = next.get(node);
      if (there) return there;
      const path = { node, lastUnit: unit, blank: LOG_ZERO, spoken: LOG_ZERO };
      next.set(node, path);
      return path;
    };
    for (const { node, lastUnit, blank, spoken } of paths) {
      const total = logAdd(blank, spoken);
      const own = reach(node, lastUnit);
      own.blank = logAdd(own.blank, total + rest);
      if (lastUnit !== 0) own.spoken = logAdd(own.spoken, spoken + (row[lastUnit] ?? 0));
      for (let unit = 1; unit < this.units; unit++) {
        const child = this.lexicon.childOf(node, unit);
        if (child < 0) continue;
        const path = reach(child, unit);
        path.spoken = logAdd(path.spoken, (unit === lastUnit ? blank : total) + (row[unit] ?? 0));
      }
    }
    return [...next.values()].sort((a, b) => this.rank(b) - this.rank(a)).slice(0, KEPT_NODES);
  }

  private rank({ node, blank, spoken }: Path): number {
    return logAdd(blank, spoken) + this.options.weight * this.lexicon.hope(node);
  }

  /** How likely a word stands between its neighbours. */
  private written(word: number, { before: [u, v], after }: WordContext): number {
    const known = this.known(word);
    const isAdded = known !== word;
    const own = isAdded ? this.options.newWordScore : this.model.score(u, v, word);
    return after === null ? own : own + this.model.score(v, known, after);
  }

  /** The id that the language model knows a word by: the user's own words are unknown to it. */
  private known(word: number): number {
    return word < this.model.words.length ? word : UNKNOWN_WORD;
  }
}
