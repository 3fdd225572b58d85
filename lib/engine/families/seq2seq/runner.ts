import type { Tensor } from 'onnxruntime-web';
import type { InferenceRuntime, Tensors } from '@/lib/engine/runtime';
import type { DecoderExport } from './graph/export';
import { HEAD } from './graph/head';
import { type RowRule, type RuleTables, TEXT } from './search/rules';

/** Tokens of every row, all of one length. */
export type TokenRows = readonly (readonly number[])[];

/**
 * The state of the rows in the graph: encoded frames, and the caches of these and of the decoder's own
 * tokens.
 */
export interface RowCache {
  /** [rows, frames, width] */
  encoded: Tensor;
  cross: Tensors;
  past: Tensors;
}

/** A run's logits after the last token, by row, and the cache after it. */
export interface Fed {
  logits: Float32Array[];
  past: Tensors;
}

/** The state of rows when the graph chooses their tokens. */
export interface RowState {
  /** The token chosen last: not yet in the cache. */
  token: number;
  rule: RowRule;
  ended: boolean;
}

/** Tokens chosen by the graph. [step][row] */
export interface Advanced {
  tokens: number[][];
  logProbs: number[][];
  past: Tensors;
}

/**
 * Runs a decoder's graph. Tensors that come out belong to the caller, and those that go in stay the caller's:
 * the runner disposes only of what it made for itself.
 */
export interface DecoderRunner {
  readonly shape: DecoderExport;
  /** Most steps that one `advance` can do. */
  readonly maxSteps: number;
  /** Rows without cache. `cross` is empty when the graph has no such cache. */
  prompt(encoded: Tensor, tokens: TokenRows): Promise<Fed & { cross: Tensors }>;
  /** Takes back the `cross` of a prompt, so that its memory can be reused. */
  recycle(cross: Tensors): void;
  /** Puts given tokens into the cache. */
  feed(cache: RowCache, tokens: TokenRows): Promise<Fed>;
  /** Lets each row choose, up to `steps` times; fewer when all have ended. */
  advance(
    cache: RowCache,
    rows: readonly RowState[],
    tables: GraphTables,
    steps: number,
    endId: number,
  ): Promise<Advanced>;
  /** Cross-attention of these layers over a whole sequence. Each [1, heads, tokens, frames] */
  attend(encoded: Tensor, sequence: readonly number[], layers: readonly number[]): Promise<Tensors>;
  release(): Promise<void>;
}

/** Rule tables as the graph's inputs. */
export interface GraphTables {
  tables: RuleTables;
  feeds: Tensors;
}

/** The inputs for `TABLE_INPUTS`. */
export function tableFeeds({ Tensor }: InferenceRuntime, tables: RuleTables): Tensors {
  const { text, times, firstTime } = tables;
  const index = Float32Array.from(times, (_, at) => at);
  return {
    [HEAD.text]: new Tensor('float32', text, [2, text.length / 2]),
    [HEAD.times]: new Tensor('float32', times, [1, times.length]),
    [HEAD.timeIndex]: new Tensor('float32', index, [1, times.length]),
    [HEAD.firstTime]: new Tensor('int64', BigInt64Array.of(BigInt(firstTime)), [1]),
  };
}

/** The inputs for `RULE_INPUTS`. */
export function ruleFeeds({ Tensor }: InferenceRuntime, rows: readonly RowState[]): Tensors {
  const column = (value: (rule: RowRule) => number) =>
    new Tensor(
      'float32',
      Float32Array.from(rows, ({ rule }) => value(rule)),
      [rows.length, 1],
    );
  const lines = BigInt64Array.from(rows, ({ rule }) => BigInt(rule.text));
  return {
    [HEAD.textLine]: new Tensor('int64', lines, [rows.length]),
    [HEAD.fromTime]: column((rule) => rule.fromTime),
    [HEAD.toTime]: column((rule) => rule.toTime),
  };
}

/** Rows that choose nothing. */
export function idleRows(rows: number): RowState[] {
  const rule = { text: TEXT.all, fromTime: 0, toTime: 0, wasTime: false, lastTime: -1 };
  return Array.from({ length: rows }, () => ({ token: 0, rule, ended: false }));
}

/**
 * A runner whose graph is opened on first use: that takes seconds, and more memory than the weights. An
 * opening that fails is tried again on the next use.
 */
export function laterRunner(
  shape: DecoderExport,
  open: () => Promise<DecoderRunner>,
): DecoderRunner {
  let opening: Promise<DecoderRunner> | null = null;
  let opened: DecoderRunner | null = null;
  const runner = async () => {
    opening ??= open();
    try {
      opened = await opening;
      return opened;
    } catch (error) {
      opening = null;
      throw error;
    }
  };
  return {
    shape,
    get maxSteps() {
      return opened?.maxSteps ?? 1;
    },
    prompt: async (...args) => (await runner()).prompt(...args),
    recycle: (cross) => opened?.recycle(cross),
    feed: async (...args) => (await runner()).feed(...args),
    advance: async (...args) => (await runner()).advance(...args),
    attend: async (...args) => (await runner()).attend(...args),
    async release() {
      await (await opening?.catch(() => null))?.release();
    },
  };
}
