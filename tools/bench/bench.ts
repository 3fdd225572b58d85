// npm run bench: the app's own figures, from the production build in headless Chromium.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { withServedApp } from '../app/server';
import { findChromium } from '../browser/chromium';
import { messageOf, UsageError } from '../command/errors';
import { main } from '../command/main';
import { type Command, readCommand } from '../command/options';
import { tableLines } from '../command/table';
import { decode } from './decode';
import { editor } from './editor';
import { endToEnd, stages } from './end-to-end';
import {
  type BenchContext,
  type Benchmark,
  type BenchReport,
  type Better,
  type Figure,
  machineFacts,
  missing,
} from './figures';
import { firstText } from './first-text';
import { live } from './live';
import { load } from './load';
import { mainThread } from './main-thread';
import { memory } from './memory';
import { peers } from './peers/peers';
import { worker } from './worker';

/** By name. */
const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  'end-to-end': endToEnd,
  stages,
  'first-text': firstText,
  decode,
  'memory-3h': memory,
  'main-thread': mainThread,
  peers,
  live,
  editor,
  load,
  worker,
};

const COMMAND = {
  name: 'bench',
  text: 'measures the production build in headless Chromium',
  options: {
    only: {
      value: 'NAME,NAME',
      text: `measures some of ${Object.keys(BENCHMARKS).join(', ')}; all, unless it is given`,
    },
    json: { value: 'FILE', text: 'writes the figures there as well' },
    audio: { value: 'FILE', text: 'a recording of your own in place of the generated one' },
    minutes: { value: 'N', least: 2, text: 'for how long `live` records' },
    rows: { value: 'TEXT', text: 'of `peers` and `worker`, the rows whose name holds this' },
  },
} as const satisfies Command;

function readNames(only: string | undefined): string[] {
  const names = only?.split(',').map((name) => name.trim()) ?? Object.keys(BENCHMARKS);
  const unknown = names.filter((name) => !Object.hasOwn(BENCHMARKS, name));
  if (unknown.length > 0)
    throw new UsageError(
      `There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}.`,
    );
  return names;
}

/** A benchmark that breaks is a figure that could not be measured; the others still run. */
async function runOne(name: string, context: BenchContext): Promise<Figure[]> {
  console.log(`${name}…`);
  try {
    return (await BENCHMARKS[name]?.(context)) ?? [];
  } catch (error) {
    console.error(error);
    return [missing(name, 'all', '', 'higher', null, messageOf(error))];
  }
}

await main(async () => {
  const { only, json, audio, minutes, rows } = readCommand(COMMAND).values;
  const names = readNames(only);
  const machine = machineFacts(await chromiumVersion());
  const run = async (url: string) => {
    const recording = audio === undefined ? undefined : resolve(audio);
    const context: BenchContext = { url, audio: recording, minutes, rows };
    const all: Figure[] = [];
    for (const name of names) all.push(...(await runOne(name, context)));
    return all;
  };
  // these serve themselves or need no app: nothing is built for them alone
  const results = names.every((name) => name === 'peers' || name === 'worker')
    ? await run('')
    : await withServedApp(run);
  const report: BenchReport = { machine, results };
  if (json) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  print(report);
});

async function chromiumVersion(): Promise<string> {
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch({ executablePath: await findChromium(), headless: true });
  try {
    return browser.version();
  } finally {
    await browser.close();
  }
}

function print({ machine, results }: BenchReport): void {
  const round = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));
  const rows = results.map(({ name, metric, value, unit, target, better, peer, reason }) => [
    name,
    metric,
    value === null ? '-' : round(value),
    unit,
    peer ? `${round(peer.value)} (${peer.name})` : '',
    target === null ? '' : `${better === 'higher' ? '≥' : '≤'} ${target}`,
    reason ?? verdict(value, target, better),
  ]);
  const { cpu, cores, memoryGiB, node, chromium } = machine;
  console.log(`${cpu}, ${cores} cores, ${memoryGiB} GiB; Node ${node}, Chromium ${chromium}`);
  const head = ['benchmark', 'figure', 'value', 'unit', 'peer', 'asked', ''];
  for (const line of tableLines(head, rows)) console.log(line);
}

function verdict(value: number | null, target: number | null, better: Better): string {
  if (value === null || target === null) return '';
  return (better === 'higher' ? value >= target : value <= target) ? 'met' : 'missed';
}
