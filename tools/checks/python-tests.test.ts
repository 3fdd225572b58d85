import { describe, expect, it } from 'vitest';
import { choosePython, readUnittest } from './python-tests';

describe('choosePython', () => {
  const among = (answers: Record<string, string>) =>
    choosePython((command) => answers[command] ?? null);

  it('takes the first that has every package', () => {
    expect(among({ python3: '3.12.1\n', '/usr/bin/python3': '3.11.2 numpy torch\n' })).toEqual({
      command: '/usr/bin/python3',
      version: '3.11.2',
    });
    expect(among({ python3: '3.12.1 numpy torch', python: '3.9.0 numpy torch' })?.command).toBe(
      'python3',
    );
  });

  it('takes the first that runs where none has them all', () => {
    expect(among({ '/usr/bin/python3': '3.11.2 numpy', python: '3.9.0' })?.command).toBe(
      '/usr/bin/python3',
    );
  });

  it('gives null where there is none', () => {
    expect(among({})).toBeNull();
  });
});

describe('readUnittest', () => {
  const end = (line: string) => `${'-'.repeat(70)}\nRan 12 tests in 0.312s\n\n${line}\n`;

  it('counts what passed', () => {
    expect(readUnittest(end('OK'))).toEqual({ passed: 12, failed: 0, skipped: 0, reasons: [] });
  });

  it('counts failures, errors and what was left out, with each reason once', () => {
    const lines = [
      "test_a (unittest.loader.ModuleSkipped.test_a) ... skipped 'needs torch'",
      "test_b (unittest.loader.ModuleSkipped.test_b) ... skipped 'needs torch'",
      'test_c (test_c.C.test_c) ... skipped "isn\'t there"',
      'test_d (test_d.D.test_d) ... FAIL',
    ];
    const report = `${lines.join('\n')}\n${end('FAILED (failures=2, errors=1, skipped=3)')}`;
    expect(readUnittest(report)).toEqual({
      passed: 6,
      failed: 3,
      skipped: 3,
      reasons: ['needs torch', "isn't there"],
    });
  });

  it('counts a test that was to fail and did not as failed', () => {
    const report = end('FAILED (expected failures=1, unexpected successes=1)');
    expect(readUnittest(report)).toMatchObject({ passed: 11, failed: 1 });
  });

  it('knows a crash from a report', () => {
    expect(readUnittest('Traceback (most recent call last):\nMemoryError')).toBeNull();
  });
});
