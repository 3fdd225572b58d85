// Ctrl-C in a command that has browsers and servers open: they are closed, what waits for them
// fails, and so the command ends by itself, its own clean-up included.
import { constants } from 'node:os';
import { messageOf, PlainError } from './errors';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How long all of it may take; then the command is ended as it is. */
const END_MS = 15_000;

/** npm passes on a signal that the terminal has sent already: the second one is not a second request. */
const SAME_PRESS_MS = 1_000;

type Step = () => unknown;

const steps = new Set<Step>();
/** When the first signal came; `null`: none has. */
let interruptedMs: number | null = null;

/** @throws {PlainError} once a signal has come: for loops that continue after a failure */
export function throwIfInterrupted(): void {
  if (interruptedMs !== null) throw new PlainError('Interrupted.');
}

/**
 * Registers a step that closes something when a signal comes; the newest is closed first.
 * @returns takes it back
 * @throws {PlainError} once a signal has come: nothing is opened any more
 */
export function onInterrupt(step: Step): () => void {
  throwIfInterrupted();
  if (steps.size === 0) for (const signal of SIGNALS) process.on(signal, interrupt);
  steps.add(step);
  return () => {
    steps.delete(step);
    // without anything open a signal ends the command at once, as usual
    if (steps.size === 0 && interruptedMs === null)
      for (const signal of SIGNALS) process.off(signal, interrupt);
  };
}

function interrupt(signal: NodeJS.Signals): void {
  const code = 128 + constants.signals[signal];
  if (interruptedMs !== null) {
    if (Date.now() - interruptedMs > SAME_PRESS_MS) process.exit(code);
    return;
  }
  interruptedMs = Date.now();
  process.on('exit', () => {
    process.exitCode = code;
  });
  setTimeout(() => process.exit(code), END_MS).unref();
  void closeAll();
}

async function closeAll(): Promise<void> {
  for (const step of [...steps].reverse())
    try {
      await step();
    } catch (error) {
      console.error(messageOf(error));
    }
}
