// What the reports of Vitest and Playwright say, in JSON.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Counts } from './steps';

const vitestSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const playwrightSchema = z.object({
  stats: z.object({
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
});

/** @param ok whether the run ended with success: one that did not has at least one failure */
export function readVitest(path: string, ok: boolean): Counts {
  const report = vitestSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  // a file that does not load has no tests of its own: it counts as one failure
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  return {
    passed: report.numPassedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failed: report.numFailedTests + broken || (ok ? 0 : 1),
  };
}

/** @param ok whether the run ended with success: one that did not has at least one failure */
export function readPlaywright(path: string, ok: boolean): Counts {
  const { stats } = playwrightSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const { expected: passed, unexpected, flaky, skipped } = stats;
  // a test that passes at a second try has failed
  return { passed, skipped, failed: unexpected + flaky || (ok ? 0 : 1) };
}
