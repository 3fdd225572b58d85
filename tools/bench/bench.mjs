// npm run bench: the app's own figures, from the production build in headless Chromium.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ensureInstalled, main } from '../app/app.mjs';
import { withServedApp } from '../app/served-app.mjs';
import { UsageError } from '../command/command.mjs';
import { readCommand } from '../command/options.mjs';
import { tableLines } from '../command/table.mjs';
import { decode } from './decode.mjs';
import { endToEnd, stages } from './end-to-end.mjs';
import { firstText } from './first-text.mjs';
import { missing } from './jobs.mjs';
import { live } from './live.mjs';
import { load } from './load.mjs';
import { machineFacts } from './machine.mjs';
import { mainThread } from './main-thread.mjs';
import { memory } from './memory.mjs';
import { peers } from './peers.mjs';

/** For what the app cannot do yet: it is listed, so that nobody takes it for measured. */
const notYet = (name, what) => async () => [
  missing(name, what, '', 'higher', null, `The app has no ${what} yet.`),
];

/** Name to benchmark; each gives its figures. */
const BENCHMARKS = {
  'end-to-end': endToEnd,
  stages,
  'first-text': firstText,
  decode,
  'memory-3h': memory,
  'main-thread': mainThread,
  peers,
  live,
  editor: notYet('editor', 'transcript editor'),
  load,
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
    rows: { value: 'TEXT', text: 'of `peers`, the rows whose name holds this' },
  },
};

function readNames(only) {
  const names = only?.split(',').map((name) => name.trim()) ?? Object.keys(BENCHMARKS);
  const unknown = names.filter((name) => !Object.hasOwn(BENCHMARKS, name));
  if (unknown.length > 0)
    throw new UsageError(
      `There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}.`,
    );
  return names;
}

/** A benchmark that breaks is a figure that could not be measured; the others still run. */
async function runOne(name, context) {
  console.log(`${name}…`);
  try {
    return await BENCHMARKS[name](context);
  } catch (error) {
    console.error(error);
    return [missing(name, 'all', '', 'higher', null, String(error.message))];
  }
}

await main(async () => {
  const { only, json, audio: recording, minutes, rows } = readCommand(COMMAND).values;
  const names = readNames(only);
  const audio = recording === undefined ? undefined : resolve(recording);
  ensureInstalled();
  const machine = machineFacts(await chromiumVersion());
  const run = async (url) => {
    const context = { url, audio, minutes, rows };
    const all = [];
    for (const name of names) all.push(...(await runOne(name, context)));
    return all;
  };
  // the comparison serves itself: nothing is built for it alone
  const results = names.every((name) => name === 'peers')
    ? await run('')
    : await withServedApp(run);
  if (json) writeFileSync(json, `${JSON.stringify({ machine, results }, null, 2)}\n`);
  print(machine, results);
});

async function chromiumVersion() {
  const [{ findChromium }, { chromium }] = await Promise.all([
    import('../browser/chromium.mjs'),
    import('@playwright/test'),
  ]);
  const browser = await chromium.launch({ executablePath: await findChromium(), headless: true });
  try {
    return browser.version();
  } finally {
    await browser.close();
  }
}

function print(machine, results) {
  const round = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));
  const rows = results.map(({ name, metric, value, unit, target, better, peer, reason }) => [
    name,
    metric,
    value === null ? '-' : round(value),
    unit,
    peer ? `${round(peer.value)} (${peer.name})` : '',
    target === null ? '' : `${better === 'higher' ? '≥' : '≤'} ${target}`,
    reason ?? (target === null ? '' : met(value, target, better) ? 'met' : 'missed'),
  ]);
  const { cpu, cores, memoryGiB, node, chromium } = machine;
  console.log(`${cpu}, ${cores} cores, ${memoryGiB} GiB; Node ${node}, Chromium ${chromium}`);
  for (const line of tableLines(
    ['benchmark', 'figure', 'value', 'unit', 'peer', 'asked', ''],
    rows,
  ))
    console.log(line);
}

function met(value, target, better) {
  return better === 'higher' ? value >= target : value <= target;
}
