import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inject, onTestFinished } from 'vitest';

/** A process that a test talks with in lines. */
export interface TestChild {
  pid: number;
  tell(line: string): void;
  /** The next line that it says; `null` when it has ended. */
  said(): Promise<string | null>;
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts one of `test-children`, in this test's environment; it does not outlive the test. */
export function startChild(name: string, ...args: string[]): TestChild {
  const backends = inject('serverBackends');
  if (backends.kind === 'missing') throw new Error(backends.reason);
  const script = join(backends.children, `${name}.mjs`);
  const child: ChildProcess = spawn(process.execPath, [script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { stdin, stdout, pid } = child;
  if (!stdin || !stdout || pid === undefined) throw new Error(`${name} did not start.`);
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const gone = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return {
    pid,
    tell: (line) => {
      stdin.write(`${line}\n`);
    },
    said: async () => {
      const { value, done } = await lines.next();
      if (!done) return String(value);
      // its output is closed a little before its number is free
      await gone;
      return null;
    },
    kill,
  };
}
