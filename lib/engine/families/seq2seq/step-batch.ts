import type { Tensor } from 'onnxruntime-web';
import { createYielder, throwIfAborted } from '@/lib/core';
import type { DecoderBatch, GenerateOptions, TokenRow } from './decoder';
import type { TokenRows } from './runner';
import { searchBeam } from './search/beam';
import { type Choice, chooseToken } from './search/choose-token';
import { Hypotheses } from './search/hypotheses';
import { type RuleTables, ruleAfter, ruleTables } from './search/rules';
import type { StepFound, StepKernels, StepToken } from './step-kernels';

const NONE: ReadonlySet<number> = new Set();

/** What a decoder on the compiled kernels is made of. */
export interface StepDependencies {
  steps: StepKernels;
  vocabulary: number;
}

/** What rows are written by, once their prompts are in the caches. */
interface Search extends GenerateOptions {
  tables: RuleTables;
  promptLength: number;
  /** The first token of each row. */
  firsts: readonly Choice[];
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
   * @param encoded read here, and not needed any more
   * @param counts valid frames of each row
   * @param onDisposed called when the caches are not needed any more
   */
  constructor(
    private readonly dependencies: StepDependencies,
    encoded: Tensor,
    counts: readonly number[],
    private readonly onDisposed: () => void,
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
    const most = Math.max(1, Math.floor(steps.slots / this.rows));
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
    const suppressed = new Set(options.suppressedFirst);
    const firstRule = ruleAfter([], tables);
    const firsts = prompts.map((_, row) =>
      chooseToken(steps.logits(row), {
        ...{ rule: firstRule, tables, suppressed, temperature, random },
      }),
    );
    const search: Search = { ...options, maxTokens, tables, promptLength: length, firsts };
    if (maxTokens <= 0) return firsts.map(() => ({ tokens: [], logProbs: [], ended: false }));
    const { beamWidth: width = 1 } = options;
    if (width === 1 || temperature > 0) return (await this.writeOne(search)).results();
    return searchBeam(steps, firsts, {
      ...{ ...search, width, pause: createYielder(signal) },
      choiceOf: (at) => choiceOf(steps.found(at), tables),
    });
  }

  /** One text of each row, token by token. */
  private async writeOne(search: Search): Promise<Hypotheses> {
    const { tables, promptLength, maxTokens, firsts, temperature, random, signal } = search;
    const { steps } = this.dependencies;
    const hypotheses = new Hypotheses(this.rows, tables, search);
    for (const [row, first] of firsts.entries()) hypotheses.add(row, first);
    hypotheses.endAt(maxTokens);
    const pause = createYielder(signal);
    while (hypotheses.live.length > 0) {
      await pause();
      const { live } = hypotheses;
      const rules = live.map((row) => hypotheses.ruleOf(row));
      const tokens = live.map(
        (slot): StepToken => ({
          slot,
          // one that went back writes over what was there
          position: promptLength + hypotheses.tokensOf(slot).length - 1,
          token: hypotheses.lastToken(slot),
        }),
      );
      steps.step(tokens, temperature > 0 ? undefined : rules);
      for (const [at, row] of live.entries()) {
        const [rule, logits] = [rules[at], steps.logits(at)];
        if (temperature > 0 && rule)
          hypotheses.add(
            row,
            chooseToken(logits, { rule, tables, suppressed: NONE, temperature, random }),
          );
        else hypotheses.addOrFavour(row, choiceOf(steps.found(at), tables), logits);
      }
      hypotheses.endAt(maxTokens);
    }
    return hypotheses;
  }

  async crossAttention(
    ...[row, sequence, heads]: Parameters<DecoderBatch['crossAttention']>
  ): Promise<Float32Array[] | null> {
    // what it begins with is in the row's cache from now on
    if (sequence[0] !== this.begun) this.begun = null;
    return this.dependencies.steps.attend(row, sequence, heads);
  }

  dispose(): void {
    this.onDisposed();
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
function framesOf({ data, dims }: Tensor, row: number, counts: readonly number[]) {
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
