// npm test: types, lint, format, import directions, the training recipe's tests (where there is a
// Python), unit, server, browser and end-to-end tests. The server's run twice: on what is embedded,
// and on PostgreSQL and Ceph's S3 gateway.
// npm run check (--quick): the same without a browser and without the server's tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyRuntime } from './copy-runtime.mjs';
import { ensureBuilt, ensureInstalled, main, PlainError, root } from './lib/app.mjs';
import { runPythonTests } from './lib/python-tests.mjs';

const quick = process.argv.includes('--quick');
const totals = { passed: 0, failed: 0, skipped: 0 };

function bin(name, ...args) {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', ...name), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === 0;
}

/** One check counts as one test. */
function check(what, run) {
  const startedMs = Date.now();
  const ok = run();
  totals[ok ? 'passed' : 'failed'] += 1;
  console.log(`${ok ? '✓' : '✗'} ${what} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`);
}

const types = (project) => () => bin(['typescript', 'bin', 'tsc'], '-p', project);

function checks() {
  check('types: app and lib', types('tsconfig.json'));
  check('types: workers', types('workers/tsconfig.json'));
  check('types: tests', types('tsconfig.tests.json'));
  check('lint and format', () =>
    bin(['@biomejs', 'biome', 'bin', 'biome'], 'check', '--error-on-warnings', '.'),
  );
  check('import directions', () => bin(['..', 'scripts', 'check-imports.mjs']));
  check('no unused files or exports', () => bin(['knip', 'bin', 'knip.js']));
}

/** The training recipe's tests, as far as this machine can run them. */
function recipe() {
  const { passed, failed, skipped } = runPythonTests();
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
}

function vitest(project, scratch, name = project) {
  const report = join(scratch, `${name}.json`);
  const ran = bin(
    ['vitest', 'vitest.mjs'],
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  );
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } =
      JSON.parse(readFileSync(report, 'utf8'));
    // a file that does not load has no tests of its own: it counts as one failure
    const broken = testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    ).length;
    totals.passed += numPassedTests;
    totals.skipped += numPendingTests + numTodoTests;
    totals.failed += numFailedTests + broken || (ran ? 0 : 1);
  } catch (error) {
    console.error(`The ${name} tests left no report: ${error.message}`);
    totals.failed += 1;
  }
}

function playwright(scratch) {
  const report = join(scratch, 'e2e.json');
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', '@playwright', 'test', 'cli.js'), 'test'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, E2E_REPORT: report } },
  );
  try {
    const { stats } = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed += stats.expected + stats.flaky;
    totals.failed += stats.unexpected || (status === 0 ? 0 : 1);
    totals.skipped += stats.skipped;
  } catch (error) {
    console.error(`The end-to-end tests left no report: ${error.message}`);
    totals.failed += 1;
  }
}

await main(async () => {
  ensureInstalled();
  copyRuntime();
  const scratch = mkdtempSync(join(tmpdir(), 'ai2text-test-'));
  try {
    if (quick) {
      checks();
      recipe();
      vitest('unit', scratch);
    } else {
      const { findChromium } = await import('./lib/chromium.mjs');
      process.env.CHROMIUM_PATH = await findChromium();
      // first: it writes the types of the routes that the type check reads
      await ensureBuilt();
      checks();
      recipe();
      vitest('unit', scratch);
      for (const backends of ['embedded', 'services']) {
        process.env.SERVER_BACKENDS = backends;
        vitest('server', scratch, `server-${backends}`);
      }
      vitest('browser', scratch);
      playwright(scratch);
    }
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    console.error(error.message);
    totals.failed += 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const { passed, failed, skipped } = totals;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 ? 1 : 0;
});
