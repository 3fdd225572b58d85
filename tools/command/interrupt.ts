// Ctrl-C in a command that has browsers and servers open: they are closed, so that whatever waits for them fails and
// the command ends by itself, after its own clean-up.
import { constants } from 'node:os';
import { messageOf, PlainError } from './errors';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Time limit for all of this; after that the command exits immediately. */
const END_MS = 15_000;

/** npm forwards a signal that the terminal has already sent: within this time, a second one is not a second request. */
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
 * Registers a step that closes something on a signal; the newest is run first.
 * @returns unregisters it
 * @throws {PlainError} after a signal: nothing may be opened any more
 */
export function onInterrupt(step: Step): () => void {
  throwIfInterrupted();
  if (steps.size === 0) for (const signal of SIGNALS) process.on(signal, interrupt);
  steps.add(step);
  return () => {
    steps.delete(step);
    // with nothing open, a signal ends the command at once, as usual
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
