import type { Tensor } from 'onnxruntime-web';
import { throwIfAborted } from '@/lib/core';
import type { InferenceRuntime, Tensors } from '@/lib/engine/runtime';
import type { DecoderBatch, GenerateOptions, TokenRow } from '../decoder';
import { disposeAll } from '../graph/export';
import { pickAllRows, pickRows } from '../graph/rows';
import { type DecoderRunner, type RowCache, type TokenRows, tableFeeds } from '../runner';
import type { GpuHelpers } from '../stepwise/gpu-helpers';
import { type Choice, chooseToken } from './choose-token';
import { Hypotheses } from './hypotheses';
import { type RuleTables, ruleTables } from './rules';

/** Tokens that every row has in the cache, the logits after them, and that cache. */
interface Prefix {
  tokens: TokenRows;
  logits: Float32Array[];
  past: Tensors;
}

/** Past a known prefix, more tokens than this are cheaper to recompute, in one run without cache. */
const MAX_FED = 16;
/** Known prefixes: the first token, and the last prompt. */
const MAX_PREFIXES = 2;
/** A run that does several steps is planned to take about this long. */
const RUN_MS = 400;
const MIN_STEPS = 4;

/** One batch over a runner; see `DecoderBatch`. */
export class CachedBatch implements DecoderBatch {
  readonly rows: number;
  /** Of the first run; `null` until then. */
  private cross: Tensors | null = null;
  private prefixes: Prefix[] = [];
  /**
   * Time of one step in the last run, by which the next run's steps are planned; a row more or less hardly
   * matters.
   */
  private stepMs = RUN_MS / 8;

  constructor(
    private readonly runtime: InferenceRuntime,
    private readonly runner: DecoderRunner,
    private readonly gpu: GpuHelpers | null,
    private readonly encoded: Tensor,
  ) {
    this.rows = encoded.dims[0] ?? 0;
  }

  async firstLogits(startId: number): Promise<Float32Array[]> {
    const { logits } = await this.prefix(Array.from({ length: this.rows }, () => [startId]));
    return logits.map((row) => row.slice());
  }

  async generate(options: GenerateOptions): Promise<TokenRow[]> {
    const { prompts, limits, endId, maxTokens, temperature, random, signal } = options;
    throwIfAborted(signal);
    const { past, logits } = await this.prefix(prompts);
    throwIfAborted(signal);
    const { vocabulary } = this.runner.shape;
    const tables = ruleTables(limits, vocabulary);
    const hypotheses = new Hypotheses(this.rows, tables, options);
    const suppressed = new Set(options.suppressedFirst);
    const choose = (row: number, scores: Float32Array, also: ReadonlySet<number>): Choice => {
      const rule = hypotheses.ruleOf(row);
      return chooseToken(scores, { rule, tables, suppressed: also, temperature, random });
    };
    for (const [row, scores] of logits.entries())
      if (maxTokens > 0) hypotheses.add(row, choose(row, scores, suppressed));
    hypotheses.endAt(maxTokens);

    const feeds = await this.graphTables(tables);
    let cache: RowCache = { encoded: this.encoded, cross: this.cross ?? {}, past };
    let rows = prompts.map((_, row) => row);
    /** How many of the tokens after the prompt are in the cache, where they are fed one by one. */
    let place = 0;
    try {
      while (hypotheses.live.length > 0) {
        throwIfAborted(signal);
        const { live } = hypotheses;
        if (this.runtime.backend === 'wasm' && live.length < rows.length) {
          const places = live.map((row) => rows.indexOf(row));
          cache = {
            encoded: pickRows(this.runtime, cache.encoded, places),
            cross: pickAllRows(this.runtime, cache.cross, places),
            past: pickAllRows(this.runtime, cache.past, places),
          };
          rows = [...live];
        }
        const before = cache.past;
        if (temperature > 0 || hypotheses.needsLogits) {
          const fed = await this.runner.feed(
            cache,
            rows.map((row) => [hypotheses.tokenAt(row, place)]),
          );
          cache = { ...cache, past: fed.past };
          place += 1;
          for (const [at, row] of rows.entries()) {
            const scores = fed.logits[at];
            // a row that is ahead of the others only repeats a token that it already has
            if (scores && !hypotheses.hasEnded(row) && hypotheses.tokensOf(row).length === place)
              hypotheses.addOrFavour(row, choose(row, scores, NONE), scores);
          }
        } else {
          const steps = Math.min(this.plannedSteps(), maxTokens - hypotheses.longest);
          const from = performance.now();
          const done = await this.runner.advance(
            cache,
            rows.map((row) => hypotheses.stateOf(row)),
            { tables, feeds },
            steps,
            endId,
          );
          this.stepMs = (performance.now() - from) / Math.max(1, done.tokens.length);
          cache = { ...cache, past: done.past };
          for (const [step, tokens] of done.tokens.entries())
            for (const [at, row] of rows.entries())
              if (!hypotheses.hasEnded(row))
                hypotheses.add(row, {
                  token: tokens[at] ?? endId,
                  logProb: done.logProbs[step]?.[at] ?? 0,
                });
        }
        if (before !== past) disposeAll(before);
        hypotheses.endAt(maxTokens);
        if (hypotheses.needsLogits && hypotheses.shared < place) {
          place = hypotheses.shared;
          const begun = rows.map((row) => [
            ...(prompts[row] ?? []),
            ...Array.from({ length: place }, (_, at) => hypotheses.tokenAt(row, at)),
          ]);
          const made = await this.runner.prompt(cache.encoded, begun);
          this.runner.recycle(made.cross);
          if (cache.past !== past) disposeAll(cache.past);
          cache = { ...cache, past: made.past };
        }
      }
    } finally {
      if (cache.past !== past) disposeAll(cache.past);
      if (this.gpu) disposeAll(feeds);
    }
    return hypotheses.results();
  }

  async crossAttention(
    row: number,
    sequence: readonly number[],
    heads: readonly (readonly [layer: number, head: number])[],
  ): Promise<Float32Array[] | null> {
    const { crossLayers } = this.runner.shape;
    if (crossLayers.length === 0) return null;
    const layers = [...new Set(heads.map(([layer]) => layer))];
    if (!layers.every((layer) => crossLayers.includes(layer))) return null;
    const alone = this.gpu
      ? await this.gpu.rows.pick(this.encoded, [row])
      : pickRows(this.runtime, this.encoded, [row]);
    const weights: Float32Array[] = [];
    let results: Tensors = {};
    try {
      results = await this.runner.attend(alone, sequence, layers);
      for (const [layer, head] of heads) {
        const all = results[`cross_attentions.${layer}`];
        if (all) weights.push(await this.headOf(all, head));
      }
    } finally {
      disposeAll(results);
      alone.dispose();
    }
    return weights;
  }

  dispose(): void {
    for (const { past } of this.prefixes) disposeAll(past);
    this.prefixes = [];
    if (this.cross) this.runner.recycle(this.cross);
    this.cross = null;
    this.encoded.dispose();
  }

  /** Weights of one head. @param all [1, heads, tokens, frames] */
  private async headOf(all: Tensor, head: number): Promise<Float32Array> {
    if (this.gpu) {
      const one = await this.gpu.heads.pick(all, [head]);
      const data = one.data as Float32Array;
      one.dispose();
      return data;
    }
    const [, heads = 1] = all.dims;
    const data = all.data as Float32Array;
    const size = data.length / heads;
    return data.slice(head * size, (head + 1) * size);
  }

  /** Puts the prompts into the cache, continuing from what is there already. */
  private async prefix(tokens: TokenRows): Promise<Prefix> {
    const length = tokens[0]?.length ?? 0;
    const known = this.prefixes
      .filter(({ tokens: begun }) => isPrefix(begun, tokens))
      .sort((a, b) => (b.tokens[0]?.length ?? 0) - (a.tokens[0]?.length ?? 0))[0];
    const missing = length - (known?.tokens[0]?.length ?? 0);
    if (known && missing === 0) return known;
    let made: Prefix;
    if (known && this.cross && missing <= MAX_FED) {
      const cache = { encoded: this.encoded, cross: this.cross, past: known.past };
      const rest = tokens.map((row) => row.slice(length - missing));
      made = { tokens, ...(await this.runner.feed(cache, rest)) };
    } else {
      const { cross, logits, past } = await this.runner.prompt(this.encoded, tokens);
      // the same again, when the prompt was another
      if (this.cross) this.runner.recycle(cross);
      else this.cross = cross;
      made = { tokens, logits, past };
    }
    if (this.prefixes.length === MAX_PREFIXES) disposeAll(this.prefixes.pop()?.past ?? null);
    this.prefixes.push(made);
    return made;
  }

  private async graphTables(tables: RuleTables): Promise<Tensors> {
    const feeds = tableFeeds(this.runtime, tables);
    return this.gpu ? this.gpu.upload(feeds) : feeds;
  }

  private plannedSteps(): number {
    const { maxSteps } = this.runner;
    return Math.min(maxSteps, Math.max(MIN_STEPS, Math.floor(RUN_MS / this.stepMs)));
  }
}

const NONE: ReadonlySet<number> = new Set();

function isPrefix(begun: TokenRows, tokens: TokenRows): boolean {
  return tokens.every((row, at) => begun[at]?.every((token, index) => token === row[index]));
}
