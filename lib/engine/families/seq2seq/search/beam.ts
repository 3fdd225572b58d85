import { assert } from '@/lib/core';
import type { GenerateOptions, TokenRow } from '../decoder';
import { type HotPath, moveAlong, tokensAhead } from '../hot-words/hot-path';
import type { HotTokens } from '../hot-words/hot-search';
import type { StepKernels, StepToken } from '../step-kernels';
import type { Choice } from './choose-token';
import { ASK_EVERY } from './hypotheses';
import { type RowRule, type RuleTables, ruleAfter, TEXT } from './rules';

/** A token less probable than this is doubtful: others are tried beside it. */
const DOUBTFUL_LOG_PROB = Math.log(0.7);
/** A hypothesis that is this much less probable than the best one of its row is dropped; natural logarithm. */
const MARGIN = 2.5;
/** Hypotheses whose last tokens are the same, this many, continue alike: the better one is enough. */
const SAME_TOKENS = 4;
/**
 * A text that ends this much before another one has left out speech, in steps of times: 2 s. However probable
 * it is, what it left out would be lost, or would have to be read in another pass.
 */
const CUT_STEPS = 100;

/** A text of a row, as it grows. */
interface Hypothesis {
  row: number;
  /** The cache that holds its tokens. */
  slot: number;
  tokens: readonly number[];
  logProbs: readonly number[];
  /** Sum of `logProbs`, and of the bonuses of the user's words in it. */
  score: number;
  /** How far into one of the user's words it is; `null`: in none. */
  path: HotPath | null;
}

/** A hypothesis with one token more. */
interface Continuation extends Hypothesis {
  /** It departs from the model's choice, whose continuation keeps the slot. */
  branches: boolean;
}

interface Finished extends TokenRow {
  score: number;
}

export interface BeamOptions
  extends Pick<GenerateOptions, 'endId' | 'maxTokens' | 'shouldStop' | 'hot'> {
  /** Hypotheses of a row, at most. */
  width: number;
  /** Tokens in the caches already. */
  promptLength: number;
  tables: RuleTables;
  /** The most probable token after a row's tokens of the last step. */
  choiceOf(at: number): Choice;
  /** Called before each step. @throws ABORTED */
  pause(): Promise<void>;
}

/**
 * Beam search that branches only where the model is in doubt: a row has a single hypothesis while the model
 * is sure, and hypotheses that fall behind are dropped (Freitag & Al-Onaizan 2017, "Beam Search Strategies
 * for Neural Machine Translation", relative threshold pruning; finished ones drop none, since a shorter text
 * is more probable). Of hypotheses whose last tokens are the same only the best is kept. The rest follows
 * Whisper: of the finished texts the one with the best mean log-probability is taken, leaving out those that
 * end too early.
 *
 * A row never branches at a time or at the end: those are left to the model.
 * @param firsts the first token of each row; the prompt of row n is in slot n
 */
export async function searchBeam(
  steps: Pick<StepKernels, 'slots' | 'step' | 'logits' | 'copySlot'>,
  firsts: readonly Choice[],
  options: BeamOptions,
): Promise<TokenRow[]> {
  const { promptLength, tables } = options;
  // a row's slots are its own, so that its text does not depend on other rows
  const width = Math.min(options.width, Math.floor(steps.slots / firsts.length));
  const slots = new Slots(firsts.length, width);
  const finished: Finished[][] = firsts.map(() => []);
  /** Those that are not finished; the slots of the others are freed. */
  const keepAlive = (hypotheses: readonly Hypothesis[]): Hypothesis[] =>
    hypotheses.filter((one) => {
      const end = endOf(one, options);
      if (end) {
        finished[one.row]?.push(end);
        slots.release(one.slot);
      }
      return end === null;
    });
  const { hot } = options;
  let alive = keepAlive(
    firsts.map((first, row) => {
      const none = { row, slot: row, tokens: [], logProbs: [], score: 0, path: null };
      return continued(none, first, { branches: false, hot });
    }),
  );
  while (alive.length > 0) {
    await options.pause();
    const rules = alive.map(({ tokens }) => ruleAfter(tokens, tables));
    steps.step(
      alive.map(
        ({ slot, tokens }): StepToken => ({
          slot,
          position: promptLength + tokens.length - 1,
          token: tokens.at(-1) ?? options.endId,
        }),
      ),
      rules,
    );
    const continuations = alive.flatMap((hypothesis, at) => {
      const own = options.choiceOf(at);
      const ask = { own, rule: rules[at], ...options };
      const others = isDoubtful(own, options) ? othersOf(steps.logits(at), ask) : [];
      const favoured = hot ? favouredOf(steps.logits(at), hypothesis, { ...ask, hot, others }) : [];
      return [
        continued(hypothesis, own, { branches: false, hot }),
        ...[...others, ...favoured].map((choice) =>
          continued(hypothesis, choice, { branches: true, hot }),
        ),
      ];
    });
    alive = keepAlive(
      firsts.flatMap((_, row) => {
        const own = continuations.filter((one) => one.row === row);
        return placed(own, select(own, { ...options, width }), {
          slots,
          steps,
          promptLength,
        });
      }),
    );
  }
  return finished.map((own) => bestOf(own, tables));
}

function continued(
  { row, slot, tokens, logProbs, score, path }: Hypothesis,
  { token, logProb }: Choice,
  { branches, hot }: { branches: boolean; hot: BeamOptions['hot'] },
): Continuation {
  const move = hot ? moveAlong(hot, path, token, tokens.at(-1)) : { path: null, gain: 0 };
  return {
    ...{ row, slot, branches, path: move.path },
    tokens: [...tokens, token],
    logProbs: [...logProbs, logProb],
    score: score + logProb + move.gain,
  };
}

/** Tokens of the user's words that are not much less probable than the model's choice. */
function favouredOf(
  logits: Float32Array,
  { tokens, path }: Hypothesis,
  {
    own,
    others,
    hot,
    rule,
    tables: { text, firstTime, rules },
  }: BeamOptions & {
    own: Choice;
    others: readonly Choice[];
    hot: HotTokens;
    rule: RowRule | undefined;
  },
): Choice[] {
  // a time's probability is relative to the other times: no text can be compared with it
  if (!rule || rule.text === TEXT.none || (rules && own.token >= firstTime)) return [];
  const line = (rule.text * text.length) / 2;
  const chosen = logits[own.token] ?? 0;
  const found: Choice[] = [];
  const known = new Set([own.token, ...others.map(({ token }) => token)]);
  for (const token of tokensAhead(hot, path, tokens.at(-1))) {
    const behind = (logits[token] ?? -Infinity) - chosen;
    if (known.has(token) || behind < -hot.most || text[line + token] !== 0) continue;
    known.add(token);
    found.push({ token, logProb: own.logProb + behind });
  }
  return found;
}

/** The text, where a hypothesis is over; else `null`. */
function endOf(
  { row, tokens, logProbs, score, path }: Hypothesis,
  { endId, maxTokens, shouldStop }: BeamOptions,
): Finished | null {
  if (tokens.at(-1) === endId)
    return { tokens: tokens.slice(0, -1), logProbs: [...logProbs], ended: true, score };
  const isCut =
    tokens.length >= maxTokens || (tokens.length % ASK_EVERY === 0 && shouldStop?.(tokens, row));
  if (!isCut) return null;
  const lost = path && !path.node.isWhole ? path.bonus : 0;
  return { tokens: [...tokens], logProbs: [...logProbs], ended: false, score: score - lost };
}

function isDoubtful({ token, logProb }: Choice, { endId, tables, width }: BeamOptions): boolean {
  const isText = token !== endId && !(tables.rules && token >= tables.firstTime);
  return width > 1 && isText && logProb < DOUBTFUL_LOG_PROB;
}

/** Text that is not much less probable than the model's choice, the most probable first. */
function othersOf(
  logits: Float32Array,
  {
    own,
    rule,
    tables: { text, firstTime },
    endId,
    width,
  }: BeamOptions & { own: Choice; rule: RowRule | undefined },
): Choice[] {
  const line = rule?.text === TEXT.fromEnd ? text.length / 2 : 0;
  const chosen = logits[own.token] ?? 0;
  const others: Choice[] = [];
  for (let token = 0; token < firstTime; token++) {
    const behind = (logits[token] ?? -Infinity) - chosen;
    const isOther = token !== own.token && token !== endId && text[line + token] === 0;
    if (behind > -MARGIN && isOther) others.push({ token, logProb: own.logProb + behind });
  }
  return others.sort((a, b) => b.logProb - a.logProb).slice(0, width - 1);
}

/**
 * Which continuations of a row are kept. The bonus of a word that is not complete yet keeps its own text, but
 * drops no other: the word may come to nothing.
 */
function select(
  continuations: readonly Continuation[],
  { width, hot }: Pick<BeamOptions, 'width' | 'hot'>,
): Continuation[] {
  const settled = ({ score, path }: Continuation) => score - (path?.bonus ?? 0);
  const [leader, ...others] = [...continuations].sort((a, b) => settled(b) - settled(a));
  if (!leader) return [];
  const most = settled(leader);
  const kept = [leader];
  for (const one of others.sort((a, b) => b.score - a.score))
    if (
      kept.length < width &&
      one.score >= most - (one.path && hot ? hot.most : MARGIN) &&
      !kept.some(({ tokens }) => endAlike(tokens, one.tokens))
    )
      kept.push(one);
  return kept;
}

function endAlike(a: readonly number[], b: readonly number[]): boolean {
  const ends = [a, b].map((tokens) => tokens.slice(-SAME_TOKENS));
  return ends[0]?.join() === ends[1]?.join();
}

/** Gives each kept continuation a slot that holds its tokens. */
function placed(
  all: readonly Continuation[],
  kept: readonly Continuation[],
  {
    slots,
    steps,
    promptLength,
  }: { slots: Slots; steps: Pick<StepKernels, 'copySlot'>; promptLength: number },
): Hypothesis[] {
  const free = new Set(
    all.flatMap((one) => (one.branches || kept.includes(one) ? [] : [one.slot])),
  );
  // the first branch of a dropped hypothesis takes over its slot
  const hasSlot = new Set(kept.filter((one) => !one.branches || free.delete(one.slot)));
  for (const slot of free) slots.release(slot);
  return kept.map((one) => {
    if (hasSlot.has(one)) return one;
    const slot = slots.take(one.row);
    steps.copySlot(one.slot, slot, promptLength + one.tokens.length - 1);
    return { ...one, slot };
  });
}

/**
 * The text with the best mean log-probability: of those that reached the end, where there are any, and
 * without those that end much earlier than the last.
 */
function bestOf(finished: readonly Finished[], { rules, firstTime }: RuleTables): TokenRow {
  const ended = finished.filter((one) => one.ended);
  const mean = ({ score, logProbs }: Finished) => score / logProbs.length;
  const complete = ended.length > 0 ? ended : finished;
  const endOf = ({ tokens }: Finished) =>
    rules ? (tokens.findLast((token) => token >= firstTime) ?? 0) : 0;
  const last = Math.max(...complete.map(endOf));
  const [first, ...others] = complete.filter((one) => endOf(one) > last - CUT_STEPS);
  const none: Finished = { tokens: [], logProbs: [], ended: false, score: 0 };
  const { score: _, ...row } = others.reduce(
    (best, one) => (mean(one) > mean(best) ? one : best),
    first ?? none,
  );
  return row;
}

/** Which slots of each row are free. Row n begins in slot n, where its prompt stays for later attempts. */
class Slots {
  private readonly free: number[][];

  constructor(
    private readonly rows: number,
    width: number,
  ) {
    this.free = Array.from({ length: rows }, (_, row) =>
      Array.from({ length: width - 1 }, (_, at) => row + (at + 1) * rows),
    );
  }

  take(row: number): number {
    const slot = this.free[row]?.pop();
    assert(slot !== undefined, 'a row has as many slots as hypotheses');
    return slot;
  }

  release(slot: number): void {
    this.free[slot % this.rows]?.push(slot);
  }
}
