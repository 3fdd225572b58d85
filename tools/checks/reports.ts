// What the reports of Vitest and Playwright say, in JSON.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { z } from 'zod';
import { root } from '../command/root';
import type { Counts, Failure } from './steps';

const vitestSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

const suiteSchema = z.object({
  specs: z.array(
    z.object({
      title: z.string(),
      file: z.string(),
      tests: z.array(
        z.object({
          status: z.string(),
          results: z.array(
            z.object({ error: z.object({ message: z.string().default('') }).optional() }),
          ),
        }),
      ),
    }),
  ),
  get suites() {
    return z.array(suiteSchema).optional();
  },
});

type Suite = z.infer<typeof suiteSchema>;

const playwrightSchema = z.object({
  stats: z.object({
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
  suites: z.array(suiteSchema),
});

/** @param ok whether the run ended with success: one that did not has at least one failure */
export function readVitest(path: string, ok: boolean): Counts {
  const report = vitestSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const failures = report.testResults.flatMap((file): Failure[] => {
    const name = relative(root, file.name);
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    // a file that does not load, or whose set-up fails, counts as one failure
    if (file.status === 'failed' && failed.length === 0) return [{ name, why: file.message }];
    return failed.map(({ fullName, failureMessages }) => ({
      name: `${name}: ${fullName}`,
      why: failureMessages?.[0] ?? '',
    }));
  });
  return {
    passed: report.numPassedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failed: failures.length || (ok ? 0 : 1),
    failures,
  };
}

/** @param ok whether the run ended with success: one that did not has at least one failure */
export function readPlaywright(path: string, ok: boolean): Counts {
  const { stats, suites } = playwrightSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const { expected: passed, unexpected, flaky, skipped } = stats;
  // a test that passes at a second try has failed
  const failed = unexpected + flaky || (ok ? 0 : 1);
  return { passed, skipped, failed, failures: suites.flatMap(failuresOf) };
}

function failuresOf({ specs, suites = [] }: Suite): Failure[] {
  const own = specs.flatMap(({ title, file, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) => ({
        name: `${file}: ${title}`,
        why: results.find(({ error }) => error)?.error?.message ?? '',
      })),
  );
  return [...own, ...suites.flatMap(failuresOf)];
}
