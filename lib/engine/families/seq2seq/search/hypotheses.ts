import type { GenerateOptions, TokenRow } from '../decoder';
import { HotRow, type HotStep } from '../hot-words/hot-search';
import type { RowState } from '../runner';
import type { Choice } from './choose-token';
import { type RowRule, type RuleTables, ruleAfter, TEXT } from './rules';

/** The caller is asked whether a row should stop at every this many tokens, however runs are cut. */
export const ASK_EVERY = 8;

/** The rows of one call, as they grow. */
export class Hypotheses {
  private readonly found: TokenRow[];
  private readonly over: boolean[];
  /** By row; `null`: no words are favoured. */
  private readonly hot: readonly HotRow[] | null;

  constructor(
    rows: number,
    private readonly tables: RuleTables,
    private readonly options: Pick<GenerateOptions, 'endId' | 'shouldStop' | 'hot' | 'temperature'>,
  ) {
    this.found = Array.from({ length: rows }, () => ({ tokens: [], logProbs: [], ended: false }));
    this.over = this.found.map(() => false);
    const { hot, temperature } = options;
    this.hot = hot && temperature === 0 ? this.found.map(() => new HotRow(hot)) : null;
  }

  /** Whether every choice has to be made here, with all logits at hand: words are favoured. */
  get needsLogits(): boolean {
    return this.hot !== null;
  }

  /** Rows that have not ended. */
  get live(): number[] {
    return this.over.flatMap((over, row) => (over ? [] : [row]));
  }

  /** The most choices of a row that has not ended. */
  get longest(): number {
    return Math.max(0, ...this.live.map((row) => this.of(row).logProbs.length));
  }

  hasEnded(row: number): boolean {
    return this.over[row] ?? true;
  }

  lastToken(row: number): number {
    return this.tokenAt(row, -1);
  }

  /** @param at index of the token; -1: the last one */
  tokenAt(row: number, at: number): number {
    return this.hasEnded(row) ? this.options.endId : (this.of(row).tokens.at(at) ?? 0);
  }

  /**
   * Tokens before the last one of the shortest row that has not ended: all such rows have at least that many.
   */
  get shared(): number {
    return Math.min(...this.live.map((row) => this.of(row).tokens.length)) - 1;
  }

  ruleOf(row: number): RowRule {
    return ruleAfter(this.of(row).tokens, this.tables);
  }

  stateOf(row: number): RowState {
    const rule = this.ruleOf(row);
    return { token: this.lastToken(row), rule, ended: this.hasEnded(row) };
  }

  /** Tokens of a row, without the prompt. */
  tokensOf(row: number): readonly number[] {
    return this.of(row).tokens;
  }

  /**
   * Takes the model's choice, or a token of the user's words in its place; the row may become shorter, where
   * such a word came to nothing.
   * @param logits that the choice was made from
   */
  addOrFavour(row: number, own: Choice, logits: Float32Array): void {
    const { tokens } = this.of(row);
    const hot = this.hot?.[row];
    if (!hot) {
      this.add(row, own);
      return;
    }
    const { text, firstTime, rules } = this.tables;
    const line = this.ruleOf(row).text;
    const isTime = rules !== null && own.token >= firstTime;
    const ownLogit = logits[own.token] ?? 0;
    const step = hot.next(tokens, {
      own,
      // a time's probability is relative to the other times: no text can be compared with it
      logProbOf: (token) =>
        isTime || line === TEXT.none || text[(line * text.length) / 2 + token] !== 0
          ? null
          : (logits[token] ?? -Infinity) - ownLogit + own.logProb,
    });
    this.take(row, step);
  }

  /** Takes a choice; the row may be over with it. */
  add(row: number, { token, logProb }: Choice): void {
    const { endId, shouldStop } = this.options;
    const hypothesis = this.of(row);
    hypothesis.logProbs.push(logProb);
    if (token === endId) {
      hypothesis.ended = true;
      this.over[row] = true;
      return;
    }
    hypothesis.tokens.push(token);
    if (hypothesis.tokens.length % ASK_EVERY === 0 && shouldStop?.(hypothesis.tokens, row))
      this.over[row] = true;
  }

  /** Ends rows of this many choices. */
  endAt(maxTokens: number): void {
    for (const row of this.live)
      if (this.of(row).logProbs.length >= maxTokens) this.over[row] = true;
  }

  results(): TokenRow[] {
    for (const [row, hot] of this.hot?.entries() ?? []) {
      const step = hot.cut();
      if (step) this.take(row, step);
    }
    return this.found;
  }

  private take(row: number, { length, choice }: HotStep): void {
    const { tokens, logProbs } = this.of(row);
    tokens.length = length;
    logProbs.length = length;
    this.add(row, choice);
  }

  private of(row: number): TokenRow {
    return this.found[row] ?? { tokens: [], logProbs: [], ended: true };
  }
}
