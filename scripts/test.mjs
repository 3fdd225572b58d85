// npm test: types, lint, format, import directions, the training recipe's tests (where there is a
// Python), unit, server, process, browser and end-to-end tests.
// npm run check (--quick): what needs neither a build nor a browser.
// npm run test:nightly (--nightly): what takes longer than a change should wait for.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyRuntime } from './copy-runtime.mjs';
import { ensureBuilt, ensureInstalled, main, root } from './lib/app.mjs';
import { UsageError } from './lib/command.mjs';
import { readCommand } from './lib/options.mjs';
import { runPythonTests } from './lib/python-tests.mjs';

/**
 * What came of a step.
 * @typedef {{ passed: number, failed: number, skipped: number, output: string }} Outcome
 */

/** @type {{ what: string, seconds: number, outcome: Outcome }[]} */
const done = [];
let scratch = '';

/**
 * Runs a step and says what came of it. What it wrote is shown when it ends, so that steps beside each
 * other can be told apart.
 * @param {string} what @param {() => Promise<Outcome>} run
 */
async function step(what, run) {
  const startedMs = Date.now();
  const outcome = await run().catch((error) => {
    return { passed: 0, failed: 1, skipped: 0, output: `${error.message}\n` };
  });
  const seconds = (Date.now() - startedMs) / 1000;
  done.push({ what, seconds, outcome });
  if (outcome.output) process.stdout.write(outcome.output);
  const { passed, failed, skipped } = outcome;
  console.log(
    `${failed > 0 ? '✗' : '✓'} ${what}: ${passed} passed, ${failed} failed` +
      `${skipped > 0 ? `, ${skipped} skipped` : ''} (${seconds.toFixed(1)} s)`,
  );
}

/**
 * Runs one of the installed tools.
 * @param {readonly string[]} path from node_modules @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, live?: boolean }} [options] `live`: nothing runs beside it, so
 *   what it writes is shown at once
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function tool(path, args, { env = {}, live = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', ...path), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        if (live) process.stdout.write(text);
        else output += text;
      });
    child.once('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n` }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** One check counts as one test. */
const check = (what, path, ...args) =>
  step(what, async () => {
    const { ok, output } = await tool(path, args);
    return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, output: ok ? '' : output };
  });

const types = (what, project) =>
  check(`types: ${what}`, ['typescript', 'bin', 'tsc'], '-p', project);

/** What only reads the sources. */
async function sources() {
  await check(
    'lint and format',
    ['@biomejs', 'biome', 'bin', 'biome'],
    'check',
    '--error-on-warnings',
    '.',
  );
  await check('no unused files or exports', ['knip', 'bin', 'knip.js']);
  await step('training recipe', async () => ({ ...runPythonTests(), output: '' }));
}

async function allTypes() {
  await types('app and lib', 'tsconfig.json');
  await types('workers', 'workers/tsconfig.json');
  await types('tests', 'tsconfig.tests.json');
}

/** Reads a report of Vitest. @returns {Omit<Outcome, 'output'>} */
function readVitest(report, ok) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  // a file that does not load has no tests of its own: it counts as one failure
  const broken = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  return {
    passed: numPassedTests,
    skipped: numPendingTests + numTodoTests,
    failed: numFailedTests + broken || (ok ? 0 : 1),
  };
}

/** Runs the tests of a project, or those of some files of it. */
const vitest = (name, { project = name, files = [], env = {} } = {}) =>
  step(`${name} tests`, async () => {
    const report = join(scratch, `${name}.json`);
    const { ok, output } = await tool(
      ['vitest', 'vitest.mjs'],
      [
        'run',
        '--project',
        project,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...files,
      ],
      { env },
    );
    const counts = readVitest(report, ok);
    return { ...counts, output: counts.failed > 0 ? output : '' };
  });

const playwright = (...projects) =>
  step(`end-to-end tests (${projects.join(', ')})`, async () => {
    const report = join(scratch, 'e2e.json');
    const { ok, output } = await tool(
      ['@playwright', 'test', 'cli.js'],
      ['test', ...projects.map((project) => `--project=${project}`)],
      { env: { E2E_REPORT: report }, live: true },
    );
    const { stats } = JSON.parse(readFileSync(report, 'utf8'));
    const { expected: passed, unexpected, flaky, skipped } = stats;
    // a test that passes at a second try has failed
    return { passed, skipped, failed: unexpected + flaky || (ok ? 0 : 1), output };
  });

/** What differs between what is embedded and what is not: each is tried on real services, too. */
const CONTRACTS = [
  'lib/server/db/',
  'lib/server/objects/',
  'lib/server/db/leases',
  'lib/server/limits/rate-limit',
];
const SERVICES = { SERVER_BACKENDS: 'services' };

const build = () =>
  step('build', async () => {
    await ensureBuilt();
    return { passed: 1, failed: 0, skipped: 0, output: '' };
  });

/** What `--only` chooses from, in the order in which it runs. The build comes first where it is needed. */
const PARTS = {
  // the build writes the types of the routes, which the type check reads
  types: allTypes,
  sources,
  unit: () => vitest('unit'),
  server: () => vitest('server'),
  services: () => vitest('services', { project: 'server', files: CONTRACTS, env: SERVICES }),
  process: () => vitest('process'),
  browser: () => vitest('browser'),
  e2e: () => playwright('ui', 'engine'),
};

async function quick() {
  await Promise.all([allTypes(), sources()]);
  await PARTS.unit();
}

async function whole() {
  await Promise.all([build().then(PARTS.types), PARTS.sources().then(PARTS.unit)]);
  // some of its tests compare times
  await PARTS.server();
  await PARTS.process();
  // those on services mostly wait for them
  await Promise.all([PARTS.services(), PARTS.browser()]);
  await PARTS.e2e();
}

/** What is measured on files that are not part of the project: where there are none, it says so. */
const measured = (what, script, ...args) =>
  step(what, async () => {
    const { ok, output } = await tool(['..', 'scripts', script], args);
    const isAbsent = output.startsWith('Not measured');
    const passed = ok && !isAbsent ? 1 : 0;
    return { passed, failed: ok ? 0 : 1, skipped: isAbsent ? 1 : 0, output };
  });

async function nightly() {
  await build();
  await vitest('all services', { project: 'server', env: SERVICES });
  await vitest('gpu');
  await measured('real weights in every precision and way', 'model-matrix.mjs');
  await measured('three hours with long pauses', 'accuracy/pauses.mjs', '--seconds', '10800');
  await check('beside other engines', ['..', 'scripts', 'bench.mjs'], '--only', 'peers');
  await playwright('nightly');
}

async function some(names) {
  await build();
  for (const [name, part] of Object.entries(PARTS)) if (names.includes(name)) await part();
}

const MODES = {
  '--quick': { name: 'check', text: 'checks what needs neither a build nor a browser', run: quick },
  '--nightly': {
    name: 'test:nightly',
    text: 'runs the tests that take longer than a change should wait for',
    run: nightly,
  },
};
const WHOLE = {
  name: 'test',
  text: 'checks types, lint and format, and runs all tests but the nightly ones',
  options: {
    only: {
      text: `parts to run after the build, separated by commas, of ${Object.keys(PARTS).join(', ')}`,
      value: 'PARTS',
    },
  },
  run: whole,
};

await main(async () => {
  const args = process.argv.slice(2);
  const mode = MODES[args[0] ?? ''];
  const { run, ...command } = mode ?? WHOLE;
  const { values } = readCommand(command, mode ? args.slice(1) : args);
  const only = values.only?.split(',');
  const unknown = only?.filter((name) => !(name in PARTS)) ?? [];
  if (unknown.length > 0)
    throw new UsageError(
      `There is no part "${unknown.join('", "')}". Parts: ${Object.keys(PARTS).join(', ')}.`,
    );
  ensureInstalled();
  copyRuntime();
  scratch = mkdtempSync(join(tmpdir(), 'ai2text-test-'));
  try {
    if (run !== quick) {
      const { findChromium } = await import('./lib/chromium.mjs');
      process.env.CHROMIUM_PATH = await findChromium({ shell: run !== nightly });
    }
    await (only ? some(only) : run());
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const total = (name) => done.reduce((sum, { outcome }) => sum + outcome[name], 0);
  const failed = total('failed');
  for (const { what, outcome } of done) if (outcome.failed > 0) console.log(`failed: ${what}`);
  const skipped = total('skipped');
  console.log(
    `${total('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  );
  process.exitCode = failed > 0 ? 1 : 0;
});
