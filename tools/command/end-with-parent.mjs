// @ts-check
// Loaded first by the Node programs that a command starts (`spawnNode`): they end when the command is gone, even if
// it was killed and could not stop them. Requests in progress are still answered. Plain JavaScript, since those
// programs are Next's and cannot load TypeScript.
import { isMainThread } from 'node:worker_threads';

// only this process: its own children inherit the option, and may have channels of their own
if (isMainThread && process.channel && process.env.AI2TEXT_ENDS_WITH_PARENT) {
  delete process.env.AI2TEXT_ENDS_WITH_PARENT;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // waiting for that must not keep the process alive
  process.channel.unref();
}
