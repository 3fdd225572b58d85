// The tests of the training recipe. The app does not require Python: what cannot run is left
// out, and said to be.
import { spawnSync } from 'node:child_process';
import { type Counts, type Outcome, runProgram } from './steps';

/** A version manager's python3 often hides the system's, which may have torch and numpy. */
const CANDIDATES = ['python3', '/usr/bin/python3', 'python'];
const WANTED = ['numpy', 'torch'];
const PROBE = `
import sys, importlib.util
if sys.version_info < (3, 9): sys.exit(1)
print(sys.version.split()[0], *(n for n in sys.argv[1:] if importlib.util.find_spec(n)))`;

/** What is known of a run that wrote no report. */
const NOTHING = { passed: 0, failed: 0, skipped: 0, reasons: [] };

/** A Python that runs. */
export interface Python {
  command: string;
  version: string;
}

/**
 * The first Python that has all packages, else the first that runs at all.
 * @param probe version and packages found, or `null`
 */
export function choosePython(probe: (command: string) => string | null): Python | null {
  let bare: Python | null = null;
  for (const command of CANDIDATES) {
    const [version, ...found] = probe(command)?.trim().split(/\s+/) ?? [];
    if (!version) continue;
    if (found.length === WANTED.length) return { command, version };
    bare ??= { command, version };
  }
  return bare;
}

function probePython(command: string): string | null {
  const { status, stdout } = spawnSync(command, ['-c', PROBE, ...WANTED], { encoding: 'utf8' });
  return status === 0 ? stdout : null;
}

/**
 * What `python -m unittest -v` wrote; `null` when it is not such a report.
 * @returns `reasons`: why tests were left out, each once
 */
export function readUnittest(report: string): (Counts & { reasons: string[] }) | null {
  const ran = /^Ran (\d+) tests? in /m.exec(report);
  const outcome = /^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/m.exec(report);
  if (!ran || !outcome) return null;
  const counts = new Map(
    (outcome[1] ?? '').split(', ').map((part) => {
      const [name = '', count] = part.split('=');
      return [name, Number(count)];
    }),
  );
  const count = (name: string) => counts.get(name) ?? 0;
  const failed = count('failures') + count('errors') + count('unexpected successes');
  const skipped = count('skipped');
  const passed = Math.max(0, Number(ran[1]) - failed - skipped);
  const reasons = [...report.matchAll(/ \.\.\. skipped (['"])(.*)\1$/gm)].map(
    ([, , reason = '']) => reason,
  );
  return { passed, failed, skipped, reasons: [...new Set(reasons)] };
}

/** Runs them; `output` says what was left out, or what failed. */
export async function runPythonTests(): Promise<Outcome> {
  const python = choosePython(probePython);
  if (!python)
    return {
      passed: 0,
      failed: 0,
      skipped: 1,
      output:
        'The tests of the training recipe are left out: no python3 (3.9 or newer) was found.\n',
    };
  const args = ['-m', 'unittest', 'discover', '-b', '-v', 'training/tests'];
  const { ok, output } = await runProgram(python.command, args);
  const { passed, skipped, reasons, ...report } = readUnittest(output) ?? NOTHING;
  const failed = report.failed || (ok ? 0 : 1);
  if (failed > 0) return { passed, failed, skipped, output };
  const left = skipped > 0 ? `${python.command} ${python.version}: ${reasons.join(', ')}\n` : '';
  return { passed, failed, skipped, output: left };
}
