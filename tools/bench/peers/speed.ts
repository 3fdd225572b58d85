// How fast both engines turn windows of 30 s into tokens.
import { openPeersPage, type PeersPage } from './browser';
import type { HeldBytes, Loaded, RunResult, Setting, Side } from './protocol';

// What one engine holds after more and more windows.

/** What an engine holds after some windows, in MB above an empty page. */
export interface Reading {
  /** Windows so far. */
  after: number;
  heldMb: number;
  /** The most up to there. */
  peakMb: number;
  bytes: HeldBytes;
}

/** The worker that holds an engine. */
const workerOf = (side: Side, { backend }: Pick<Setting, 'backend'>): string =>
  side === 'ours' ? `ours-${backend}` : 'transformers';

/**
 * Runs windows one after the other in a browser of its own.
 * @param readAfter numbers of windows
 */
export async function measureMemory(
  url: string,
  side: Side,
  setting: Setting,
  readAfter: readonly number[],
): Promise<Reading[]> {
  const page = await openPeersPage(url);
  const worker = workerOf(side, setting);
  try {
    const emptyMb = await page.heldMb();
    const readings: Reading[] = [];
    let done = 0;
    let peak = 0;
    for (const after of readAfter) {
      const peakMb = await page.peakMb(async () => {
        if (done === 0) await page.call(worker, 'load', setting);
        for (; done < after; done++) await page.call(worker, 'run', { first: done, count: 1 });
      });
      peak = Math.max(peak, peakMb - emptyMb);
      const bytes = await page.call(worker, 'held', {});
      readings.push({ after, heldMb: (await page.heldMb()) - emptyMb, peakMb: peak, bytes });
    }
    return readings;
  } finally {
    await page.close();
  }
}

const WINDOW_SECONDS = 30;
/** The sides take turns: what else the machine does meets both. */
const SIDES: readonly Side[] = ['ours', 'transformers'];

type Round = RunResult & { cpuMs: number };

/** What one side did, in the units of the report; times are those of a window. */
export interface SideSpeed {
  windows: number;
  tokens: number;
  rtf: number;
  cpuMs: number;
  encoderMs: number;
  featuresMs: number;
  decoderMs: number;
  decoderRunsMs: number;
  tokensPerSecond: number;
}

function summary(rounds: readonly Round[], side: Side): SideSpeed {
  const total = (of: (round: Round) => number) => rounds.reduce((sum, round) => sum + of(round), 0);
  const totalMs = (name: string) => total(({ times }) => times[name]?.ms ?? 0);
  const windows = total(({ results }) => results.length);
  const tokens = total(({ results }) => results.reduce((all, one) => all + one.tokens.length, 0));
  const encoderMs = totalMs('encoder');
  const decoderMs =
    side === 'ours'
      ? totalMs('first logits') + totalMs('generate')
      : totalMs('generate with encoder') - encoderMs;
  return {
    windows,
    tokens,
    rtf: total(({ ms }) => ms) / 1000 / (windows * WINDOW_SECONDS),
    cpuMs: total(({ cpuMs }) => cpuMs) / windows,
    encoderMs: encoderMs / windows,
    featuresMs: totalMs('features') / windows,
    decoderMs: decoderMs / windows,
    decoderRunsMs: totalMs('decoder runs') / windows,
    tokensPerSecond: tokens / (decoderMs / 1000),
  };
}

/** Both sides' figures. */
export interface SpeedResult extends Record<Side, SideSpeed> {
  loaded: Record<Side, Loaded>;
  /** The part of the windows that got the same tokens. */
  equalWindows: number;
  /** Ours and theirs. */
  texts: [string, string][];
}

/** How much is run: `windows` of a round go to ours in one call. */
export interface Amount {
  rounds: number;
  windows: number;
}

/** One model on one backend, both sides in one page. */
export async function compareSpeed(
  page: PeersPage,
  setting: Setting,
  { rounds, windows }: Amount,
): Promise<SpeedResult> {
  const load = (side: Side) => page.call(workerOf(side, setting), 'load', setting);
  const run = (side: Side, first: number) =>
    page.call(workerOf(side, setting), 'run', { first, count: windows });
  const loaded = { ours: await load('ours'), transformers: await load('transformers') };
  // the first window grows memories and compiles code
  for (const side of SIDES) await run(side, 0);
  const done: Record<Side, Round[]> = { ours: [], transformers: [] };
  for (let round = 1; round <= rounds; round++)
    for (const side of SIDES) {
      const fromMs = page.cpuMs();
      const result = await run(side, round * windows);
      done[side].push({ ...result, cpuMs: page.cpuMs() - fromMs });
    }
  const ours = done.ours.flatMap(({ results }) => results);
  const theirs = done.transformers.flatMap(({ results }) => results);
  const equal = ours.filter(({ tokens }, at) => sameTokens(tokens, theirs[at]?.tokens ?? []));
  return {
    loaded,
    ours: summary(done.ours, 'ours'),
    transformers: summary(done.transformers, 'transformers'),
    equalWindows: equal.length / ours.length,
    texts: ours.map(({ text }, at) => [text, theirs[at]?.text ?? '']),
  };
}

function sameTokens(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((token, at) => token === b[at]);
}
