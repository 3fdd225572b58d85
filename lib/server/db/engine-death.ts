import 'server-only';
import type { PGlite } from '@electric-sql/pglite';
import { AppError } from '@/lib/core';

/** With this status the engine leaves a statement that failed, and goes on. */
const STATEMENT_FAILED = 100;

/**
 * Notices the death of the engine: a panic (a disk that cannot be written) or a fault of its code.
 * PGlite does not: it swallows whatever is thrown, and would ask the dead engine for ever for the rest
 * of the message, in a loop that blocks the process. So everything after it is refused here.
 * @param onDeath called once; the engine must not be used or closed any more
 */
export function watchForDeath(engine: PGlite, onDeath: (cause: unknown) => void): void {
  const { Module: module } = engine;
  const { _PostgresMainLoopOnce: step, stackRestore } = module;
  let dead: AppError | null = null;
  const whileAlive = (act: () => void) => () => {
    if (!dead) act();
  };
  module._PostgresMainLoopOnce = () => {
    if (dead) throw dead;
    try {
      step();
    } catch (error) {
      if (!isStatementFailure(error)) {
        dead = new AppError('SERVER_BUSY', 'The embedded database stopped and is started anew.', {
          cause: error,
        });
        onDeath(error);
      }
      throw error;
    }
  };
  // called where PGlite has caught what the step threw: the way out of its loop
  module.stackRestore = (pointer) => {
    if (dead) throw dead;
    return stackRestore(pointer);
  };
  module._PostgresSendReadyForQueryIfNecessary = whileAlive(
    module._PostgresSendReadyForQueryIfNecessary,
  );
  module._pgl_pq_flush = whileAlive(module._pgl_pq_flush);
}

function isStatementFailure(error: unknown): boolean {
  // thrown as a plain object
  return (
    typeof error === 'object' &&
    error !== null &&
    'status' in error &&
    error.status === STATEMENT_FAILED
  );
}
