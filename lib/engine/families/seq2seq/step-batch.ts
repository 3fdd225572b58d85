import type { Tensor } from 'onnxruntime-web';
import { createYielder, throwIfAborted } from '@/lib/core';
import type { DecoderBatch, GenerateOptions, TokenRow } from './decoder';
import type { TokenRows } from './runner';
import { type Choice, chooseToken } from './search/choose-token';
import { Hypotheses } from './search/hypotheses';
import { type RuleTables, ruleTables } from './search/rules';
import { STEP_ROWS, type StepFound, type StepKernels, type StepToken } from './step-kernels';

const NONE: ReadonlySet<number> = new Set();

/** What a decoder on the compiled kernels is made of. */
export interface StepDependencies {
  steps: StepKernels;
  vocabulary: number;
}

/**
 * One batch on the compiled kernels; see `DecoderBatch`. Each row has a cache of its own: a row that
 * has ended costs nothing, and another attempt writes over what the last one has put there.
 */
export class StepBatch implements DecoderBatch {
  readonly rows: number;
  /** What all caches begin with. */
  private begun: number | null = null;

  /**
   * @param counts frames that there are of each row
   * @param attention shows where words were recognised; disposed with this, and `encoded` with it
   */
  constructor(
    private readonly dependencies: StepDependencies,
    encoded: Tensor,
    counts: readonly number[],
    private readonly attention: Pick<DecoderBatch, 'crossAttention' | 'dispose'>,
  ) {
    this.rows = counts.length;
    dependencies.steps.begin(counts.map((_, row) => framesOf(encoded, row, counts)));
  }

  async firstLogits(startId: number): Promise<Float32Array[]> {
    this.dependencies.steps.step(
      tokensAt(
        Array.from({ length: this.rows }, () => [startId]),
        0,
      ),
    );
    this.begun = startId;
    return this.logits();
  }

  async generate(options: GenerateOptions): Promise<TokenRow[]> {
    const { prompts, limits, temperature, random, signal } = options;
    const { steps, vocabulary } = this.dependencies;
    const length = prompts[0]?.length ?? 0;
    const maxTokens = Math.min(options.maxTokens, steps.positions - length);
    throwIfAborted(signal);
    const isBegun = length > 1 && prompts.every(([first]) => first === this.begun);
    // many at a time, the last ones alone: logits are those after a step's tokens
    const most = Math.max(1, Math.floor(STEP_ROWS / this.rows));
    for (let at = isBegun ? 1 : 0, next = at; at < length; at = next) {
      next = at === length - 1 ? length : Math.min(at + most, length - 1);
      const tokens = tokensAt(
        prompts.map((prompt) => prompt.slice(at, next)),
        at,
      );
      if (next < length) steps.put(tokens);
      else steps.step(tokens);
    }
    this.begun = prompts.every(([first]) => first === prompts[0]?.[0])
      ? (prompts[0]?.[0] ?? null)
      : null;

    const tables = ruleTables(limits, vocabulary);
    steps.setTables(tables);
    const hypotheses = new Hypotheses(this.rows, tables, options);
    const choose = (row: number, scores: Float32Array, also: ReadonlySet<number>): Choice =>
      chooseToken(scores, {
        ...{ rule: hypotheses.ruleOf(row), tables, suppressed: also, temperature, random },
      });
    const suppressed = new Set(options.suppressedFirst);
    if (maxTokens > 0)
      for (let row = 0; row < this.rows; row++)
        hypotheses.add(row, choose(row, steps.logits(row), suppressed));
    hypotheses.endAt(maxTokens);

    const pause = createYielder(signal);
    while (hypotheses.live.length > 0) {
      await pause();
      const { live } = hypotheses;
      const tokens = live.map(
        (slot): StepToken => ({
          slot,
          // one that went back writes over what was there
          position: length + hypotheses.tokensOf(slot).length - 1,
          token: hypotheses.lastToken(slot),
        }),
      );
      if (temperature > 0) {
        steps.step(tokens);
        for (const [at, row] of live.entries())
          hypotheses.add(row, choose(row, steps.logits(at), NONE));
      } else {
        steps.step(
          tokens,
          live.map((row) => hypotheses.ruleOf(row)),
        );
        for (const [at, row] of live.entries())
          hypotheses.addOrFavour(row, choiceOf(steps.found(at), tables), steps.logits(at));
      }
      hypotheses.endAt(maxTokens);
    }
    return hypotheses.results();
  }

  crossAttention(
    ...asked: Parameters<DecoderBatch['crossAttention']>
  ): ReturnType<DecoderBatch['crossAttention']> {
    return this.attention.crossAttention(...asked);
  }

  dispose(): void {
    this.attention.dispose();
  }

  private logits(): Float32Array[] {
    return Array.from({ length: this.rows }, (_, row) =>
      this.dependencies.steps.logits(row).slice(),
    );
  }
}

/** Tokens for every cache, as many for each, from a position on. */
function tokensAt(rows: TokenRows, from: number): StepToken[] {
  return rows.flatMap((row, slot) =>
    row.map((token, at): StepToken => ({ slot, position: from + at, token })),
  );
}

/** Encoded frames of a row. @param encoded [rows, frames, width] in floats: others are left to the graph */
export function framesOf({ data, dims }: Tensor, row: number, counts: readonly number[]) {
  const [, frames = 0, width = 0] = dims;
  const from = row * frames * width;
  return (data as Float32Array).subarray(from, from + (counts[row] ?? 0) * width);
}

/** As the graph's head chooses: a time, when all times together are more probable than the best text. */
function choiceOf(found: StepFound, { firstTime }: RuleTables): Choice {
  const { text, time, bestText, bestTime, textMass, timeMass } = found;
  const best = Math.max(bestText, bestTime);
  const isTime = timeMass > Math.exp(bestText - best);
  const mass = timeMass + (isTime ? 0 : textMass);
  const chosen = isTime ? bestTime : bestText;
  return { token: isTime ? firstTime + time : text, logProb: chosen - best - Math.log(mass) };
}
