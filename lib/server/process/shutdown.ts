import 'server-only';
import { log } from './log';

/** How long requests may take to finish after a signal to stop, in ms; supervisors often kill after 10 s. */
const LIMIT_MS = 8_000;

/**
 * Sets a limit to how long the process takes to stop. On SIGTERM and SIGINT Next stops listening,
 * waits for the requests that run, however long they take, and exits; this ends the wait. The
 * database is not closed here: requests still use it, and what it has acknowledged is on disk.
 */
export function limitShutdown(limitMs = LIMIT_MS): void {
  const onSignal = () => {
    setTimeout(() => {
      log('warn', 'server.stopped_early', { limitMs });
      process.exit(1);
    }, limitMs).unref();
  };
  process.once('SIGTERM', onSignal);
  process.once('SIGINT', onSignal);
}
