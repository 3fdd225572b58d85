import type { Choice } from './choose';
import type { GenerateOptions, TokenRow } from './decoder';
import { type RowRule, type RuleTables, ruleAfter } from './rules';
import type { RowState } from './runner';

/** The caller is asked whether a row should stop at every so many tokens, however runs are cut. */
const ASK_EVERY = 8;

/** The rows of one call, as they grow. */
export class Hypotheses {
  private readonly found: TokenRow[];
  private readonly over: boolean[];

  constructor(
    rows: number,
    private readonly tables: RuleTables,
    private readonly options: Pick<GenerateOptions, 'endId' | 'shouldStop'>,
  ) {
    this.found = Array.from({ length: rows }, () => ({ tokens: [], logProbs: [], ended: false }));
    this.over = this.found.map(() => false);
  }

  /** Rows that go on. */
  get live(): number[] {
    return this.over.flatMap((over, row) => (over ? [] : [row]));
  }

  /** Choices that the rows which go on have made. */
  get longest(): number {
    return Math.max(0, ...this.live.map((row) => this.of(row).logProbs.length));
  }

  hasEnded(row: number): boolean {
    return this.over[row] ?? true;
  }

  lastToken(row: number): number {
    return this.hasEnded(row) ? this.options.endId : (this.of(row).tokens.at(-1) ?? 0);
  }

  ruleOf(row: number): RowRule {
    return ruleAfter(this.of(row).tokens, this.tables);
  }

  stateOf(row: number): RowState {
    const rule = this.ruleOf(row);
    return { token: this.lastToken(row), rule, ended: this.hasEnded(row) };
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

  /** Ends rows of so many choices. */
  endAt(maxTokens: number): void {
    for (const row of this.live)
      if (this.of(row).logProbs.length >= maxTokens) this.over[row] = true;
  }

  results(): TokenRow[] {
    return this.found;
  }

  private of(row: number): TokenRow {
    return this.found[row] ?? { tokens: [], logProbs: [], ended: true };
  }
}
