import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root';

/** Node's options for a child that must not outlive the command which started it. */
const END_WITH_PARENT = [
  '--import',
  pathToFileURL(join(root, 'tools', 'command', 'end-with-parent.mjs')).href,
];

type Stream = 'ignore' | 'inherit' | 'pipe';

/** How a child is started. */
export interface SpawnOptions {
  /** The project's folder, unless it is given. */
  cwd?: string;
  /** This process's own, unless it is given. */
  env?: NodeJS.ProcessEnv;
  /** Input, output and errors: those of this process, unless they are given. */
  stdio?: readonly [Stream, Stream, Stream];
}

/**
 * Starts a Node program that ends with this process, however this one goes.
 * @param args the program and its arguments
 */
export function spawnNode(
  args: readonly string[],
  { cwd = root, env = process.env, stdio = ['inherit', 'inherit', 'inherit'] }: SpawnOptions = {},
): ChildProcess {
  return spawn(process.execPath, [...END_WITH_PARENT, ...args], {
    cwd,
    env: { ...env, AI2TEXT_ENDS_WITH_PARENT: '1' },
    // its end closes the channel, and so the other side learns of it
    stdio: [...stdio, 'ipc'],
  });
}
