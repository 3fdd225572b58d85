// What every command of this project stands on. Node built-ins only: it runs before anything is installed.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A failure that is told in one sentence, without a stack. */
export class PlainError extends Error {
  /** What the command exits with. */
  exitCode = 1;
}

/** A failure that another process has told already: the command says no more about it. */
export class ToldError extends PlainError {}

/** A command that was called in a way it does not know. */
export class UsageError extends PlainError {
  exitCode = 2;
}

/** What was asked for is the list of options. */
export class HelpAsked extends PlainError {
  exitCode = 0;
}

/** Runs a command's main function: plain errors in one line, others with their stack. */
export async function main(run) {
  try {
    await run();
  } catch (error) {
    const isPlain = error instanceof PlainError;
    process.exitCode = isPlain ? error.exitCode : 1;
    if (error instanceof HelpAsked) console.log(error.message);
    else if (!(error instanceof ToldError)) console.error(isPlain ? error.message : error);
  }
}

/** Node's options for a child that must not outlive the command which started it. */
const END_WITH_PARENT = [
  '--import',
  pathToFileURL(join(root, 'tools', 'command', 'end-with-parent.mjs')).href,
];

/**
 * Starts a Node program that ends with this process, however this one goes.
 * @param {string[]} args the program and its arguments
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, stdio?: ('ignore' | 'inherit' | 'pipe')[]}} options
 *   `stdio`: input, output and errors
 */
export function spawnNode(
  args,
  { stdio = ['inherit', 'inherit', 'inherit'], env, ...options } = {},
) {
  return spawn(process.execPath, [...END_WITH_PARENT, ...args], {
    cwd: root,
    ...options,
    env: { ...(env ?? process.env), AI2TEXT_ENDS_WITH_PARENT: '1' },
    // its end closes the channel, and so the other side learns of it
    stdio: [...stdio, 'ipc'],
  });
}
