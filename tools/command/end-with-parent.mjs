// @ts-check
// Loaded first by the Node programs that a command starts (`spawnNode`): they end when it is gone, were
// it killed so that it could tell nobody. What is on its way to be answered still is. Plain JavaScript: those
// programs are Next's, and know no TypeScript.
import { isMainThread } from 'node:worker_threads';

// only this one: what it starts by itself inherits how it was started, and has a channel of its own
if (isMainThread && process.channel && process.env.AI2TEXT_ENDS_WITH_PARENT) {
  delete process.env.AI2TEXT_ENDS_WITH_PARENT;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // waiting for that is no reason to live on
  process.channel.unref();
}
