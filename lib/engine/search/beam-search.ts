import type { CtcSearch } from '@/lib/catalogue';
import { HotBonus, type HotWords, hotLexicon, NO_HOT_WORDS } from './hot-words';
import {
  Candidates,
  Histories,
  Hypotheses,
  LOG_ZERO,
  logAdd,
  NO_LINK,
  WORD_BEGINS,
} from './hypotheses';
import {
  type LanguageModel,
  SENTENCE_END,
  SENTENCE_START,
  UNKNOWN_WORD,
  WORD_BITS,
  WORD_MASK,
  WordScores,
} from './language-model';
import { type Lexicon, ROOT } from './lexicon';
import { EntryBound, Selector } from './pruning';

/** Safety margin: a bound is summed in another order than what it bounds, and may be rounded differently. */
const ROUNDING = 1e-6;

/** One word of the best hypothesis. */
export interface FoundWord {
  /** The model's words, then the added ones. */
  word: number;
  /** The output frame at which the search saw it begin. */
  frame: number;
  /** The node of `BeamSearch.lexicon` at which it ended: which of its pronunciations was said. */
  node: number;
}

/**
 * CTC prefix beam search over the pronunciation tree with trigrams (the method of Graves 2012 and Hannun et
 * al. 2014, with unigram look-ahead in the tree). Hypotheses that are bound to fall out of the beam are not
 * made, see `EntryBound`. The result equals that of the plain reference in training/decoder.py, down to the
 * order of equal scores. Its flat arrays are made once: nothing is allocated in the frame loop.
 */
export class BeamSearch {
  /** The tree that is searched: that of the model, with the hot words in it. */
  readonly lexicon: Lexicon;
  private readonly candidates: Candidates;
  private readonly beams: Hypotheses;
  private readonly histories = new Histories();
  private readonly scores: WordScores;
  private readonly bonus: HotBonus | null;
  /** The most that ending a word can add to a score, the look-ahead already in it left out. */
  private readonly endBonus: number;
  /** The most that the first unit of a word adds. */
  private readonly beginBonus: number;
  /** Log-probabilities of one frame in single precision, as the network gave them. */
  private readonly row: Float32Array;
  /** Units worth trying in this frame, best first. */
  private readonly active: Int32Array;
  private activeCount = 0;
  private activeLow = 0;
  private activeHigh = 0;
  private readonly selector: Selector;
  private readonly entry: EntryBound;
  /** The highest log-probability of the frame. */
  private loudest = 0;

  /** @param units the width of the network's output */
  constructor(
    private readonly model: LanguageModel,
    lexicon: Lexicon,
    private readonly units: number,
    private readonly options: CtcSearch,
    hotWords: HotWords = NO_HOT_WORDS,
  ) {
    this.lexicon = hotLexicon(lexicon, model, hotWords, options);
    const bonus = new HotBonus(hotWords, options.hotBonus);
    this.bonus = bonus.isEmpty ? null : bonus;
    this.endBonus = options.wordBonus + (bonus.isEmpty ? 0 : Math.max(0, options.hotBonus));
    this.beginBonus = options.weight * this.lexicon.maxHope;
    const { beam, phonesPerFrame } = options;
    const most = beam * (1 + phonesPerFrame * (1 + this.lexicon.maxHomophones));
    this.candidates = new Candidates(most);
    this.beams = new Hypotheses(beam);
    this.scores = new WordScores(model);
    this.row = new Float32Array(units);
    this.active = new Int32Array(Math.max(units, phonesPerFrame));
    this.selector = new Selector(beam, most);
    this.entry = new EntryBound(beam, options.entryMargin);
  }

  /**
   * @param logProbs `frames * units` natural log-probabilities, all finite
   * @returns the words of the best hypothesis, in order
   */
  search(logProbs: Float32Array, frames: number): FoundWord[] {
    this.begin();
    for (let frame = 0; frame < frames; frame++) {
      this.readFrame(logProbs, frame);
      this.candidates.clear();
      this.entry.begin(this.bestRank() + this.loudest);
      for (let beam = 0; beam < this.beams.count; beam++) this.extend(beam, frame);
      this.prune();
    }
    return this.finish();
  }

  private begin(): void {
    const { beams } = this;
    this.histories.count = 0;
    beams.count = 1;
    beams.node[0] = ROOT;
    beams.context[0] = (SENTENCE_START << WORD_BITS) | SENTENCE_START;
    beams.bigram[0] = this.model.bigram(SENTENCE_START, SENTENCE_START);
    beams.lastUnit[0] = 0;
    beams.blank[0] = 0;
    beams.spoken[0] = LOG_ZERO;
    beams.total[0] = 0;
    beams.extra[0] = 0;
    beams.history[0] = -1;
  }

  private bestRank(): number {
    return (this.beams.total[0] ?? 0) + (this.beams.extra[0] ?? 0);
  }

  /** Takes a frame's log-probabilities and lists the units worth trying. */
  private readFrame(logProbs: Float32Array, frame: number): void {
    const { row, active, units } = this;
    const { phonesPerFrame, blankPenalty } = this.options;
    const at = frame * units;
    let count = 0;
    for (let unit = 0; unit < units; unit++) {
      row[unit] = (logProbs[at + unit] ?? 0) - (unit === 0 ? blankPenalty : 0);
      const value = row[unit] ?? 0;
      if (count === phonesPerFrame && value <= (row[active[count - 1] ?? 0] ?? 0)) continue;
      let hole = count < phonesPerFrame ? count++ : count - 1;
      for (; hole > 0 && value > (row[active[hole - 1] ?? 0] ?? 0); hole--)
        active[hole] = active[hole - 1] ?? 0;
      active[hole] = unit;
    }
    this.loudest = row[active[0] ?? 0] ?? 0;
    const limit = this.loudest - this.options.unitMargin;
    this.activeCount = 0;
    this.activeLow = 0;
    this.activeHigh = 0;
    for (let i = 0; i < count; i++) {
      const unit = active[i] ?? 0;
      if (unit === 0 || (row[unit] ?? 0) <= limit) continue;
      active[this.activeCount++] = unit;
      if (unit < 32) this.activeLow |= 1 << unit;
      else this.activeHigh |= 1 << (unit - 32);
    }
  }

  /** Puts all that may follow a hypothesis in this frame among the candidates. */
  private extend(beam: number, frame: number): void {
    const { beams, candidates, lexicon, row, entry } = this;
    const node = beams.node[beam] ?? 0;
    const context = beams.context[beam] ?? 0;
    const bigram = beams.bigram[beam] ?? 0;
    const last = beams.lastUnit[beam] ?? 0;
    const blank = beams.blank[beam] ?? 0;
    const spoken = beams.spoken[beam] ?? 0;
    const total = beams.total[beam] ?? 0;
    const extra = beams.extra[beam] ?? 0;
    const history = beams.history[beam] ?? 0;
    const rests = total + (row[0] ?? 0);
    const stays = last !== 0 && spoken > LOG_ZERO ? spoken + (row[last] ?? 0) : LOG_ZERO;
    const alone = logAdd(rests, stays) + extra;
    if (
      alone >= entry.floor &&
      candidates.put(node, context, bigram, rests, stays, extra, last, history, NO_LINK, 0, 0)
    )
      entry.count(alone);
    const low = lexicon.childrenLow(node) & this.activeLow;
    const high = lexicon.childrenHigh(node) & this.activeHigh;
    if ((low | high) === 0) return;

    const { weight } = this.options;
    const reached = lexicon.hope(node);
    const startBonus = node === ROOT ? this.beginBonus : 0;
    // no unit raises a hypothesis by more: language-model scores are at most 0
    const most = total + extra + Math.max(startBonus, this.endBonus - weight * reached) + ROUNDING;
    for (let i = 0; i < this.activeCount; i++) {
      const unit = this.active[i] ?? 0;
      const heard = row[unit] ?? 0;
      if (most + heard < entry.floor) return;
      const isThere = unit < 32 ? low & (1 << unit) : high & (1 << (unit - 32));
      if (isThere === 0) continue;
      const base = unit === last ? blank : total;
      if (base <= LOG_ZERO) continue;
      const score = base + heard;
      const child = lexicon.childOf(node, unit);
      if (lexicon.hasChildren(child)) {
        const ahead = extra + weight * (lexicon.hope(child) - reached);
        const link = node === ROOT ? WORD_BEGINS : NO_LINK;
        if (
          score + ahead >= entry.floor &&
          candidates.put(
            child,
            context,
            bigram,
            LOG_ZERO,
            score,
            ahead,
            unit,
            history,
            link,
            frame,
            child,
          )
        )
          entry.count(score + ahead);
      }
      this.endWords(child, unit, context, bigram, score, extra, reached, history, frame);
    }
  }

  /** Puts every word that ends at `child` among the candidates, back at the root of the tree. */
  private endWords(
    child: number,
    unit: number,
    context: number,
    bigram: number,
    score: number,
    extra: number,
    reached: number,
    history: number,
    frame: number,
  ): void {
    const { lexicon, histories, scores, model, bonus, entry } = this;
    const { weight, wordBonus, newWordScore } = this.options;
    let at = lexicon.wordStart(child);
    const end = lexicon.wordEnd(child);
    if (at === end) return;
    const begun = history >= 0 && histories.word[history] === WORD_BEGINS;
    const past = begun ? (histories.past[history] ?? -1) : history;
    const start = begun ? (histories.frame[history] ?? 0) : frame;
    for (; at < end; at++) {
      const word = lexicon.words[at] ?? 0;
      // an added word has a score of its own, and is unknown to what follows it
      const isNew = word >= model.words.length;
      const known = isNew ? UNKNOWN_WORD : word;
      const found = scores.find(context, bigram, known);
      const wordScore = isNew ? newWordScore : (scores.score[found] ?? 0);
      // the real score replaces the look-ahead
      let committed = extra + weight * (wordScore - reached) + wordBonus;
      if (bonus)
        committed += bonus.of(past < 0 ? SENTENCE_START : (histories.word[past] ?? 0), word);
      if (
        score + committed >= entry.floor &&
        this.candidates.put(
          ROOT,
          ((context & WORD_MASK) << WORD_BITS) | known,
          scores.bigram[found] ?? -1,
          LOG_ZERO,
          score,
          committed,
          unit,
          past,
          word,
          start,
          child,
        )
      )
        entry.count(score + committed);
    }
  }

  /** Keeps the best candidates as the next frame's hypotheses, in the order of their ranks. */
  private prune(): void {
    const { candidates, beams, selector, histories } = this;
    const { rank, total, extra, blank, spoken } = candidates;
    for (let at = 0; at < candidates.count; at++) {
      const sum = logAdd(blank[at] ?? 0, spoken[at] ?? 0);
      total[at] = sum;
      rank[at] = sum + (extra[at] ?? 0);
    }
    const kept = selector.select(rank, candidates.count, this.options.beamMargin);
    for (let i = 0; i < kept; i++) {
      const from = selector.rows[i] ?? 0;
      beams.node[i] = candidates.node[from] ?? 0;
      beams.context[i] = candidates.context[from] ?? 0;
      beams.bigram[i] = candidates.bigram[from] ?? 0;
      beams.lastUnit[i] = candidates.lastUnit[from] ?? 0;
      beams.blank[i] = blank[from] ?? 0;
      beams.spoken[i] = spoken[from] ?? 0;
      beams.total[i] = total[from] ?? 0;
      beams.extra[i] = extra[from] ?? 0;
      const past = candidates.history[from] ?? 0;
      const word = candidates.pendingWord[from] ?? 0;
      beams.history[i] =
        word === NO_LINK
          ? past
          : histories.add(
              past,
              word,
              candidates.pendingFrame[from] ?? 0,
              candidates.pendingNode[from] ?? 0,
            );
    }
    beams.count = kept;
  }

  /** The words of the hypothesis that is best now that the sentence has ended. */
  private finish(): FoundWord[] {
    const { beams, histories, options } = this;
    let best = Number.NEGATIVE_INFINITY;
    let at = -1;
    for (let beam = 0; beam < beams.count; beam++) {
      const context = beams.context[beam] ?? 0;
      const found =
        beams.node[beam] === ROOT
          ? options.weight *
            this.model.score(context >>> WORD_BITS, context & WORD_MASK, SENTENCE_END)
          : options.unfinishedWordScore;
      const score = (beams.total[beam] ?? 0) + (beams.extra[beam] ?? 0) + found;
      if (score > best) {
        best = score;
        at = beams.history[beam] ?? -1;
      }
    }
    const words: FoundWord[] = [];
    for (; at >= 0; at = histories.past[at] ?? -1) {
      const word = histories.word[at] ?? WORD_BEGINS;
      if (word === WORD_BEGINS) continue;
      words.push({ word, frame: histories.frame[at] ?? 0, node: histories.node[at] ?? ROOT });
    }
    return words.reverse();
  }
}
