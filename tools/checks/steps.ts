// Steps of a run of tests: each is shown when it ends, and counted.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { messageOf } from '../command/errors';
import { root } from '../command/root';

/** A test that failed. */
export interface Failure {
  /** Its file and title. */
  name: string;
  /** What it printed. */
  why: string;
}

/** How many tests passed, failed and were left out. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** Which failed, where that is known. */
  failures?: readonly Failure[];
}

/** The outcome of a step, and what is shown of it. */
export interface Outcome extends Counts {
  output: string;
}

/** How a program ended, and what it wrote on both outputs. */
export interface Ended {
  ok: boolean;
  output: string;
}

/** How a program is run. */
export interface RunOptions {
  /** Variables beside this process's own. */
  env?: Readonly<Record<string, string>>;
  /** Nothing runs beside it, so what it writes is shown at once. */
  live?: boolean;
}

/** Runs a program to its end, in the project's folder. */
export function runProgram(
  command: string,
  args: readonly string[],
  { env = {}, live = false }: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        if (live) process.stdout.write(text);
        output += text;
      });
    child.once('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n` }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** Runs one of the installed programs. @param path from `node_modules` */
export function runInstalled(path: string, args: readonly string[], options?: RunOptions) {
  return runProgram(process.execPath, [join(root, 'node_modules', path), ...args], options);
}

/** Runs one of our own commands. @param path from `tools` */
export function runTool(path: string, args: readonly string[]): Promise<Ended> {
  return runProgram(process.execPath, [
    join(root, 'tools', 'run.mjs'),
    join(root, 'tools', path),
    ...args,
  ]);
}

/** A program that is one check: it counts as one test. */
export function asCheck({ ok, output }: Ended): Outcome {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, output: ok ? '' : output };
}

/** The steps of one run. They may run beside each other: what each wrote is shown when it ends. */
export class Steps {
  private readonly done: { what: string; outcome: Outcome }[] = [];

  /** Runs a step and says its result; one that throws has failed. */
  async run(what: string, step: () => Promise<Outcome>): Promise<void> {
    const startedMs = Date.now();
    const outcome = await step().catch((error: unknown) => {
      return { passed: 0, failed: 1, skipped: 0, output: `${messageOf(error)}\n` };
    });
    this.done.push({ what, outcome });
    process.stdout.write(outcome.output);
    const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
    console.log(`${outcome.failed > 0 ? '✗' : '✓'} ${what}: ${shown(outcome)} (${seconds} s)`);
  }

  /**
   * Says what failed and why, where only the end of a long output is shown, and in the last line how many of
   * all tests did.
   * @returns whether none has
   */
  sumUp(): boolean {
    const total = (name: 'passed' | 'failed' | 'skipped') =>
      this.done.reduce((sum, { outcome }) => sum + outcome[name], 0);
    for (const { what, outcome } of this.done) {
      if (outcome.failed === 0) continue;
      console.log(`failed: ${what}`);
      for (const { name, why } of outcome.failures ?? [])
        console.log(`  ${name}\n${beginning(why)}`);
    }
    console.log(
      shown({ passed: total('passed'), failed: total('failed'), skipped: total('skipped') }),
    );
    return total('failed') === 0;
  }
}

/** The first lines of a message, as a paragraph of its own; the whole stands where the step ended. */
function beginning(message: string): string {
  const lines = stripVTControlCharacters(message).trim().split('\n').slice(0, 6);
  return lines.map((line) => `    ${line}\n`).join('');
}

function shown({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
