// The tests of the training recipe. Python is no requirement of the app: what cannot run is left
// out, and said to be.
import { spawnSync } from 'node:child_process';
import { root } from '../app/app.mjs';

/** A version manager's python3 often hides the system's, which may have torch and numpy. */
const CANDIDATES = ['python3', '/usr/bin/python3', 'python'];
const WANTED = ['numpy', 'torch'];
const PROBE = `
import sys, importlib.util
if sys.version_info < (3, 9): sys.exit(1)
print(sys.version.split()[0], *(n for n in sys.argv[1:] if importlib.util.find_spec(n)))`;

/**
 * The first Python that has all packages, else the first that runs at all.
 * @param {(command: string) => string | null} probe version and packages found, or null
 * @returns {{command: string, version: string} | null}
 */
export function choosePython(probe) {
  let bare = null;
  for (const command of CANDIDATES) {
    const [version, ...found] = probe(command)?.trim().split(/\s+/) ?? [];
    if (!version) continue;
    if (found.length === WANTED.length) return { command, version };
    bare ??= { command, version };
  }
  return bare;
}

function probePython(command) {
  const { status, stdout } = spawnSync(command, ['-c', PROBE, ...WANTED], { encoding: 'utf8' });
  return status === 0 ? stdout : null;
}

/**
 * What `python -m unittest -v` wrote; null when it is no such report.
 * @param {string} report
 */
export function readUnittest(report) {
  const ran = /^Ran (\d+) tests? in /m.exec(report);
  const outcome = /^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/m.exec(report);
  if (!ran || !outcome) return null;
  const counts = Object.fromEntries(
    (outcome[1] ?? '').split(', ').map((part) => {
      const [name, count] = part.split('=');
      return [name, Number(count)];
    }),
  );
  const failed =
    (counts.failures ?? 0) + (counts.errors ?? 0) + (counts['unexpected successes'] ?? 0);
  const skipped = counts.skipped ?? 0;
  const passed = Math.max(0, Number(ran[1]) - failed - skipped);
  const reasons = [...report.matchAll(/ \.\.\. skipped (['"])(.*)\1$/gm)].map((match) => match[2]);
  return { passed, failed, skipped, reasons: [...new Set(reasons)] };
}

/** Runs them and says in one line what ran. @returns {{passed: number, failed: number, skipped: number}} */
export function runPythonTests() {
  const python = choosePython(probePython);
  if (!python) {
    console.log('- training recipe: left out, no python3 (3.9 or newer) was found');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const startedMs = Date.now();
  const { status, stderr } = spawnSync(
    python.command,
    ['-m', 'unittest', 'discover', '-b', '-v', 'training/tests'],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  const result = readUnittest(stderr ?? '');
  const failed = result?.failed || (status === 0 ? 0 : 1);
  if (failed > 0) console.error(stderr);
  const { passed = 0, skipped = 0, reasons = [] } = result ?? {};
  const left = skipped > 0 ? `, ${skipped} left out: ${reasons.join(', ')}` : '';
  console.log(
    `${failed > 0 ? '✗' : '✓'} training recipe: ${passed + failed} tests ran with ${python.command} ` +
      `${python.version}${left} (${seconds} s)`,
  );
  return { passed, failed, skipped };
}
