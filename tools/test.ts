// npm test: types, lint, format, the arrows between rooms, the training recipe's tests (where there is a
// Python), unit, server, process, browser and end-to-end tests.
// npm run check (--quick): what needs neither a build nor a browser.
// npm run test:nightly (--nightly): what takes longer than a change should wait for.
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './app/build';
import { copyRuntime } from './app/copy-runtime';
import { findChromium } from './browser/chromium';
import { runPythonTests } from './checks/python-tests';
import { readPlaywright, readVitest } from './checks/reports';
import { asCheck, runInstalled, runTool, Steps } from './checks/steps';
import { UsageError } from './command/errors';
import { main } from './command/main';
import { type Command, readCommand } from './command/options';

/** Vitest and Playwright write their reports there. */
const scratch = join(tmpdir(), `ai2text-test-${process.pid}`);
const steps = new Steps();

const check = (what: string, path: string, ...args: string[]) =>
  steps.run(what, async () => asCheck(await runInstalled(path, args)));

const types = (what: string, project: string) =>
  check(`types: ${what}`, 'typescript/bin/tsc', '-p', project);

/** What only reads the sources. */
async function sources(): Promise<void> {
  await check('lint and format', '@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.');
  await check('no unused files or exports', 'knip/bin/knip.js');
  await steps.run('training recipe', runPythonTests);
}

async function allTypes(): Promise<void> {
  await types('app and lib', 'tsconfig.json');
  await types('workers', 'workers/tsconfig.json');
  await types('tools', 'tools/tsconfig.json');
  await types('tests', 'tsconfig.tests.json');
}

/** Runs the tests of a project, or those of some files of it. */
const vitest = (
  name: string,
  { project = name, files = [], env = {} }: { project?: string; files?: string[]; env?: Env } = {},
) =>
  steps.run(`${name} tests`, async () => {
    const report = join(scratch, `${name}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const args = ['run', '--project', project, ...reporters, ...files];
    const { ok, output } = await runInstalled('vitest/vitest.mjs', args, { env });
    const counts = readVitest(report, ok);
    return { ...counts, output: counts.failed > 0 ? output : '' };
  });

const playwright = (...projects: string[]) =>
  steps.run(`end-to-end tests (${projects.join(', ')})`, async () => {
    const report = join(scratch, 'e2e.json');
    const { ok } = await runInstalled(
      '@playwright/test/cli.js',
      ['test', ...projects.map((project) => `--project=${project}`)],
      { env: { E2E_REPORT: report }, live: true },
    );
    return { ...readPlaywright(report, ok), output: '' };
  });

type Env = Readonly<Record<string, string>>;

/** What differs between what is embedded and what is not: each is tried on real services, too. */
const CONTRACTS = [
  'lib/server/db/',
  'lib/server/objects/',
  'lib/server/limits/rate-limit',
  'lib/server/queue/',
  'lib/server/ingest/',
];
const SERVICES: Env = { SERVER_BACKENDS: 'services' };

const build = () =>
  steps.run('build', async () => {
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

async function quick(): Promise<void> {
  await Promise.all([allTypes(), sources()]);
  await PARTS.unit();
}

async function whole(): Promise<void> {
  await Promise.all([build().then(PARTS.types), PARTS.sources().then(PARTS.unit)]);
  // some of its tests compare times
  await PARTS.server();
  await PARTS.process();
  // those on services mostly wait for them
  await Promise.all([PARTS.services(), PARTS.browser()]);
  await PARTS.e2e();
}

/** What is measured on files that are not part of the project: where there are none, it says so. */
const measured = (what: string, tool: string, ...args: string[]) =>
  steps.run(what, async () => {
    const { ok, output } = await runTool(tool, args);
    const isAbsent = output.startsWith('Not measured');
    const passed = ok && !isAbsent ? 1 : 0;
    return { passed, failed: ok ? 0 : 1, skipped: isAbsent ? 1 : 0, output };
  });

async function nightly(): Promise<void> {
  await build();
  await vitest('all services', { project: 'server', env: { ...SERVICES, TEST_LOAD: 'full' } });
  await vitest('gpu');
  await measured('real weights in every precision and way', 'wer/matrix/matrix.ts');
  await measured('three hours with long pauses', 'wer/pauses/pauses.ts', '--seconds', '10800');
  await steps.run('beside other engines', async () =>
    asCheck(await runTool('bench/bench.ts', ['--only', 'peers'])),
  );
  await playwright('nightly');
}

/** The parts that were named, after the build. @throws {UsageError} for one that there is not */
function some(only: string): () => Promise<void> {
  const names = only.split(',');
  const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0)
    throw new UsageError(
      `There is no part "${unknown.join('", "')}". Parts: ${Object.keys(PARTS).join(', ')}.`,
    );
  return async () => {
    await build();
    for (const [name, part] of Object.entries(PARTS)) if (names.includes(name)) await part();
  };
}

const CHECK: Command = {
  name: 'check',
  text: 'checks what needs neither a build nor a browser',
};
const NIGHTLY: Command = {
  name: 'test:nightly',
  text: 'runs the tests that take longer than a change should wait for',
};
const TEST = {
  name: 'test',
  text: 'checks types, lint and format, and runs all tests but the nightly ones',
  options: {
    only: {
      text: `parts to run after the build, separated by commas, of ${Object.keys(PARTS).join(', ')}`,
      value: 'PARTS',
    },
  },
} satisfies Command;

/** What is to run, by how the command was called. */
function readPlan(): () => Promise<void> {
  const [mode, ...args] = process.argv.slice(2);
  if (mode === '--quick') {
    readCommand(CHECK, args);
    return quick;
  }
  if (mode === '--nightly') {
    readCommand(NIGHTLY, args);
    return nightly;
  }
  const { only } = readCommand(TEST).values;
  return only === undefined ? whole : some(only);
}

await main(async () => {
  const plan = readPlan();
  mkdirSync(scratch, { recursive: true });
  try {
    copyRuntime();
    if (plan !== quick) process.env.CHROMIUM_PATH = await findChromium({ shell: plan !== nightly });
    await plan();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (!steps.sumUp()) process.exitCode = 1;
});
