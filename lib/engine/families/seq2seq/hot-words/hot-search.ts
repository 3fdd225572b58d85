import type { Choice } from '../search/choose-token';
import { follow, mayBegin, type TokenNode, type TokenTree } from './token-tree';

/** How much the user's words are favoured; natural logarithms. */
export interface HotScores {
  /** What each token of a whole word may cost on average, compared with what the model would write. */
  bonus: number;
  /** The same where a row keeps several texts: there, what follows a word shows whether it was right. */
  beamBonus: number;
  /** The most that a single token may cost: less probable ones are not tried, whatever comes after. */
  most: number;
}

/** The user's words, and how much they are favoured. */
export interface HotTokens extends HotScores {
  tree: TokenTree;
}

/** A token of one of the words that is not what the model would write. */
interface Candidate extends Choice {
  /** How many of the tokens before it belong to the word. */
  inside: number;
  /** How much less probable it is than the model's choice; natural logarithm. */
  cost: number;
}

/** A word that was begun against the model's choice and is not yet whole. */
interface Attempt {
  /** Index of the token where the model's choice was left. */
  at: number;
  /** Index of the word's first token. */
  start: number;
  /** What may be taken there instead: other words, and last the model's choice. */
  others: readonly (Choice | Candidate)[];
  cost: number;
}

/** What to do: go back to `length` tokens, and append `choice`. */
export interface HotStep {
  length: number;
  choice: Choice;
}

/** A choice, and what the alternatives at that step are worth. */
export interface Step {
  /** The model's. */
  own: Choice;
  /** The natural logarithm of a token's probability; `null`: it may not be taken here. */
  logProbOf(token: number): number | null;
}

/**
 * The user's words in the search of one row: shallow fusion with a prefix tree (Zhao et al. 2019,
 * "Shallow-Fusion End-to-End Contextual Biasing"; Le et al. 2021, "Deep Shallow Fusion for RNN-T
 * Personalization"). Each token of a word has a bonus, which is withdrawn when the word is not completed. In
 * a beam, its text would then fall behind; here there is one hypothesis, which goes back to where it left the
 * model's choice, and takes the next best token there.
 * it left the model's choice, and takes the next best there.
 */
export class HotRow {
  private attempt: Attempt | null = null;

  constructor(private readonly hot: HotTokens) {}

  /** @param tokens of the row so far, without the prompt */
  next(tokens: readonly number[], { own, logProbOf }: Step): HotStep {
    const stay: HotStep = { length: tokens.length, choice: own };
    if (this.attempt) {
      const { root, edges } = this.hot.tree;
      const node = follow(root, tokens.slice(this.attempt.start));
      if (node?.next.has(own.token)) return stay;
      const isOver = node?.isWhole === true && edges.begins(own.token);
      if (!isOver) return this.continueAttempt(this.attempt, tokens, node, { own, logProbOf });
      if (this.attempt.cost > this.hot.bonus * (tokens.length - this.attempt.at))
        return this.giveUp(this.attempt);
      this.attempt = null;
    }
    const candidates = this.candidates(tokens, { own, logProbOf });
    return candidates.length === 0 ? stay : this.begin(tokens.length, [...candidates, own]);
  }

  /** What to do where a row is cut off in the middle of a word; `null`: it is not in one. */
  cut(): HotStep | null {
    if (!this.attempt) return null;
    const { at, others } = this.attempt;
    const own = others.at(-1);
    this.attempt = null;
    return own ? { length: at, choice: own } : null;
  }

  /** The next token of a word that is being tried; or a step back, where no token is worth it. */
  private continueAttempt(
    attempt: Attempt,
    tokens: readonly number[],
    node: TokenNode | null,
    step: Step,
  ): HotStep {
    const best = node && this.best(node, step, tokens.length - attempt.start);
    if (!best) return this.giveUp(attempt);
    attempt.cost += best.cost;
    return { length: tokens.length, choice: best };
  }

  private giveUp({ at, others }: Attempt): HotStep {
    return this.begin(at, others);
  }

  /** Takes the first of these choices: a token of a word, yet to be completed, or the model's own. */
  private begin(at: number, [choice, ...others]: readonly (Choice | Candidate)[]): HotStep {
    this.attempt = null;
    if (!choice) throw new RangeError('there is nothing to choose from');
    if ('inside' in choice)
      this.attempt = { at, start: at - choice.inside, others, cost: choice.cost };
    return { length: at, choice };
  }

  /** Tokens that begin a word here, or continue one that the model has begun; best first. */
  private candidates(tokens: readonly number[], step: Step): Candidate[] {
    const { root, depth, edges } = this.hot.tree;
    const found: Candidate[] = [];
    for (let inside = Math.min(depth - 1, tokens.length); inside >= 0; inside--) {
      const start = tokens.length - inside;
      const node = follow(root, tokens.slice(start));
      if (!node) continue;
      const begins = (token: number) => mayBegin(tokens[start] ?? token, tokens[start - 1], edges);
      // the model is writing the word by itself
      if (node.next.has(step.own.token) && begins(step.own.token)) return [];
      for (const token of node.next.keys()) {
        const candidate = begins(token) ? this.weigh(token, step, inside) : null;
        if (candidate) found.push(candidate);
      }
    }
    return found.sort((a, b) => a.cost - b.cost);
  }

  private best(node: TokenNode, step: Step, inside: number): Candidate | null {
    let best: Candidate | null = null;
    for (const token of node.next.keys()) {
      const candidate = this.weigh(token, step, inside);
      if (candidate && (!best || candidate.cost < best.cost)) best = candidate;
    }
    return best;
  }

  private weigh(token: number, { own, logProbOf }: Step, inside: number): Candidate | null {
    const logProb = logProbOf(token);
    if (logProb === null) return null;
    const cost = own.logProb - logProb;
    return cost <= this.hot.most ? { token, logProb, inside, cost } : null;
  }
}
