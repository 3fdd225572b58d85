// How fast both engines turn windows of 30 s into tokens.

const WINDOW_SECONDS = 30;
/** The sides take turns: what else the machine does meets both. */
const SIDES = ['ours', 'transformers'];

/** What one side did in a number of windows, in the units of the report. */
function summary(rounds, side) {
  const sum = (name) => rounds.reduce((total, { times }) => total + (times[name]?.ms ?? 0), 0);
  const windows = rounds.reduce((total, { results }) => total + results.length, 0);
  const tokens = rounds.reduce(
    (total, { results }) => total + results.reduce((all, one) => all + one.tokens.length, 0),
    0,
  );
  const ms = rounds.reduce((total, round) => total + round.ms, 0);
  const cpuMs = rounds.reduce((total, round) => total + round.cpuMs, 0);
  const encoderMs = sum('encoder');
  const decoderMs =
    side === 'ours'
      ? sum('first logits') + sum('generate')
      : sum('generate with encoder') - encoderMs;
  return {
    windows,
    tokens,
    rtf: ms / 1000 / (windows * WINDOW_SECONDS),
    cpuMs: cpuMs / windows,
    encoderMs: encoderMs / windows,
    featuresMs: sum('features') / windows,
    decoderMs: decoderMs / windows,
    decoderRunsMs: sum('decoder runs') / windows,
    tokensPerSecond: tokens / (decoderMs / 1000),
  };
}

/**
 * One model on one backend, both sides in one page.
 * @param {{call: Function, cpuMs: () => number | null}} page
 * @param {object} setting what the workers load
 * @param {{rounds: number, windows: number}} amount `windows` of a round go to ours in one call
 * @returns both sides' figures, and how many windows got the same tokens
 */
export async function compareSpeed(page, setting, { rounds, windows }) {
  const workers = { ours: `ours-${setting.backend}`, transformers: 'transformers' };
  const loaded = {};
  for (const side of SIDES) loaded[side] = await page.call(workers[side], 'load', setting);
  // the first window grows memories and compiles code
  for (const side of SIDES) await page.call(workers[side], 'run', { first: 0, count: windows });
  const done = { ours: [], transformers: [] };
  for (let round = 1; round <= rounds; round++)
    for (const side of SIDES) {
      const params = { first: round * windows, count: windows };
      const fromMs = page.cpuMs();
      const result = await page.call(workers[side], 'run', params);
      done[side].push({ ...result, cpuMs: page.cpuMs() - fromMs });
    }
  const texts = SIDES.map((side) => done[side].flatMap(({ results }) => results));
  const [ours = [], theirs = []] = texts;
  const equal = ours.filter(({ tokens }, at) => sameTokens(tokens, theirs[at]?.tokens)).length;
  return {
    loaded,
    ours: summary(done.ours, 'ours'),
    transformers: summary(done.transformers, 'transformers'),
    equalWindows: equal / ours.length,
    texts: ours.map(({ text }, at) => [text, theirs[at]?.text ?? '']),
  };
}

function sameTokens(a, b = []) {
  return a.length === b.length && a.every((token, at) => token === b[at]);
}
