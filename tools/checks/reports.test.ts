import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { root } from '../command/root';
import { readPlaywright, readVitest } from './reports';
import { Steps } from './steps';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai2text-reports-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function report(value: unknown): string {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify(value));
  return path;
}

/** A report of Vitest on a file that does not load, and on one with a test that fails. */
const VITEST = {
  numPassedTests: 1,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 0,
  testResults: [
    {
      name: join(root, 'lib/a.test.ts'),
      status: 'failed',
      message: 'No ./b',
      assertionResults: [],
    },
    {
      name: join(root, 'lib/c.test.ts'),
      status: 'failed',
      message: '',
      assertionResults: [
        { status: 'passed', fullName: 'adds', failureMessages: [] },
        { status: 'failed', fullName: 'group divides', failureMessages: ['expected 1 to be 2'] },
      ],
    },
  ],
};

it('names the tests that failed, and the files that do not load', () => {
  expect(readVitest(report(VITEST), false)).toEqual({
    passed: 1,
    skipped: 2,
    failed: 2,
    failures: [
      { name: 'lib/a.test.ts', why: 'No ./b' },
      { name: 'lib/c.test.ts: group divides', why: 'expected 1 to be 2' },
    ],
  });
});

it('counts a run that ended badly without a test that failed', () => {
  const none = { ...VITEST, numFailedTests: 0, testResults: [] };
  expect(readVitest(report(none), false)).toMatchObject({ failed: 1, failures: [] });
  expect(readVitest(report(none), true)).toMatchObject({ failed: 0, failures: [] });
});

it('names end-to-end tests in groups, and those that passed at a second try', () => {
  const test = (status: string, message?: string) => ({
    status,
    results: [message === undefined ? {} : { error: { message } }, {}],
  });
  const spec = (title: string, ...tests: unknown[]) => ({ title, file: 'ui/a.spec.ts', tests });
  const suites = [
    {
      specs: [spec('opens', test('expected')), spec('waits', test('flaky', 'too late'))],
      suites: [{ specs: [spec('closes', test('unexpected', '\u001b[2mnot\u001b[22m closed'))] }],
    },
  ];
  const stats = { expected: 1, unexpected: 1, flaky: 1, skipped: 0 };
  expect(readPlaywright(report({ stats, suites }), false)).toEqual({
    passed: 1,
    skipped: 0,
    failed: 2,
    failures: [
      { name: 'ui/a.spec.ts: waits', why: 'too late' },
      { name: 'ui/a.spec.ts: closes', why: '\u001b[2mnot\u001b[22m closed' },
    ],
  });
});

it('says at the end what failed and why, in plain text', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const steps = new Steps();
  const failures = [{ name: 'a.test.ts: adds', why: '\u001b[31mone\u001b[39m\ntwo' }];
  await steps.run('unit tests', async () => ({
    passed: 4,
    failed: 1,
    skipped: 0,
    failures,
    output: '',
  }));
  log.mockClear();
  const isWell = steps.sumUp();
  const printed = log.mock.calls.join('\n');
  log.mockRestore();
  expect(isWell).toBe(false);
  expect(printed).toBe(
    'failed: unit tests\n  a.test.ts: adds\n    one\n    two\n\n4 passed, 1 failed',
  );
});
