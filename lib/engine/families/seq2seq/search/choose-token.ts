import { type RowRule, type RuleTables, TEXT } from './rules';

/** A token, and the natural logarithm of its share among those allowed. */
export interface Choice {
  token: number;
  logProb: number;
}

export interface ChooseOptions {
  rule: RowRule;
  tables: RuleTables;
  /** Not chosen here, beside what the tables say. */
  suppressed: ReadonlySet<number>;
  /** 0: the most probable one. */
  temperature: number;
  /** Uniform in [0, 1); called once for a temperature above 0. */
  random: () => number;
}

/**
 * Chooses from one row of logits as the graph's head does (`head.ts`): if all allowed times together
 * are more probable than the best allowed text token, a time is taken.
 */
export function chooseToken(logits: Float32Array, options: ChooseOptions): Choice {
  const { rule, tables, suppressed, temperature } = options;
  const allowed = maskLogits(logits, rule, tables, suppressed);
  const firstTime = tables.rules ? tables.firstTime : logits.length;
  const top = allowed[indexOfLargest(allowed, 0, logits.length)] ?? 0;
  const timeMass = massOf(allowed, firstTime, logits.length, top);
  const bestText = allowed[indexOfLargest(allowed, 0, firstTime)] ?? -Infinity;
  const isTime = timeMass > Math.exp(bestText - top);
  const from = isTime ? firstTime : 0;
  const mass = timeMass + (isTime ? 0 : massOf(allowed, 0, firstTime, top));
  const token =
    temperature > 0
      ? draw(allowed, from, temperature, options.random())
      : indexOfLargest(allowed, from, logits.length);
  return { token, logProb: (allowed[token] ?? -Infinity) - top - Math.log(mass) };
}

/** The logits with minus infinity for what is not allowed. */
function maskLogits(
  logits: Float32Array,
  rule: RowRule,
  { text, times, firstTime, rules }: RuleTables,
  suppressed: ReadonlySet<number>,
): Float32Array {
  const allowed = new Float32Array(logits.length).fill(-Infinity);
  const timesFrom = rules ? firstTime : logits.length;
  const line = rule.text === TEXT.fromEnd ? logits.length : 0;
  if (rule.text !== TEXT.none)
    for (let id = 0; id < timesFrom; id++)
      if (text[line + id] === 0) allowed[id] = logits[id] ?? -Infinity;
  for (let time = rule.fromTime; time < rule.toTime; time++)
    if (times[time] === 0) allowed[timesFrom + time] = logits[timesFrom + time] ?? -Infinity;
  for (const id of suppressed) if (id >= 0 && id < allowed.length) allowed[id] = -Infinity;
  return allowed;
}

/** Sum of the exponentials, as multiples of that of `top`. */
function massOf(values: Float32Array, from: number, to: number, top: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += Math.exp((values[at] ?? 0) - top);
  return sum;
}

function indexOfLargest(values: Float32Array, from: number, to: number): number {
  let best = from;
  for (let at = from + 1; at < to; at++) if ((values[at] ?? 0) > (values[best] ?? 0)) best = at;
  return best;
}

/** Draws from the softmax of the values from `from` on, divided by the temperature. */
function draw(values: Float32Array, from: number, temperature: number, random: number): number {
  const best = indexOfLargest(values, from, values.length);
  const top = values[best] ?? 0;
  const weight = (at: number) => Math.exp(((values[at] ?? 0) - top) / temperature);
  let total = 0;
  for (let at = from; at < values.length; at++) total += weight(at);
  let left = random * total;
  for (let at = from; at < values.length; at++) {
    left -= weight(at);
    if (left < 0) return at;
  }
  return best;
}
