/** Below this probability of its best language, a window asks the others. */
const SURE = 0.5;
/** Below this, its text is written in the next best language, too, and the likelier text decides. */
const CERTAIN = 0.9;

/** How probable each language is for one window. */
export interface LanguageScores {
  /** Natural logarithms, in the order of the model's languages. */
  logProbs: Float64Array;
  /** Samples of speech: what the window's vote counts. */
  weight: number;
}

/** What the logits after `<|startoftranscript|>` say of the language: softmax over its tokens. */
export function languageLogProbs(
  logits: Float32Array,
  languages: ReadonlyMap<string, number>,
): Float64Array {
  const values = Float64Array.from(languages.values(), (id) => logits[id] ?? Number.NaN);
  const max = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - max);
  const norm = max + Math.log(sum);
  return values.map((value) => value - norm);
}

/** The window's best language is probable enough to need no other window. */
export function isSure(logProbs: Float64Array): boolean {
  return (logProbs[argMax(logProbs)] ?? Number.NEGATIVE_INFINITY) >= Math.log(SURE);
}

/** What a window is taken to be in. */
export interface ChosenLanguage {
  code: string;
  /** What it may be instead, where the evidence is thin. */
  rival: string | null;
}

/**
 * The language of each window: its own best one when that is sure, else the one that all windows
 * together make most probable, each counting as much as it holds speech.
 * @param languages those to choose from, in the order of the scores
 * @returns one for each window
 */
export function chooseLanguages(
  windows: readonly LanguageScores[],
  languages: ReadonlyMap<string, number>,
): ChosenLanguage[] {
  const codes = [...languages.keys()];
  const votes = new Float64Array(codes.length);
  for (const { logProbs, weight } of windows)
    for (const [at, logProb] of logProbs.entries()) votes[at] = (votes[at] ?? 0) + weight * logProb;
  const together = argMax(votes);
  return windows.map(({ logProbs }) => {
    const best = isSure(logProbs) ? argMax(logProbs) : together;
    const isCertain = (logProbs[best] ?? Number.NEGATIVE_INFINITY) >= Math.log(CERTAIN);
    const others = logProbs.map((value, at) => (at === best ? Number.NEGATIVE_INFINITY : value));
    const rival = isCertain || codes.length < 2 ? null : (codes[argMax(others)] ?? null);
    return { code: codes[best] ?? 'en', rival };
  });
}

/** The language that most of the speech is in; `null` when there is none. */
export function mainLanguage(
  windows: readonly { language: string; weight: number }[],
): string | null {
  const weights = new Map<string, number>();
  for (const { language, weight } of windows)
    weights.set(language, (weights.get(language) ?? 0) + weight);
  const [main] = [...weights].sort((a, b) => b[1] - a[1]);
  return main?.[0] ?? null;
}

/** The softmax's value for one token over the whole vocabulary. */
export function probabilityOf(logits: Float32Array, id: number): number {
  const max = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - max);
  return Math.exp((logits[id] ?? Number.NEGATIVE_INFINITY) - max) / sum;
}

function argMax(values: Float64Array): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if ((values[at] ?? 0) > (values[best] ?? 0)) best = at;
  return best;
}
