import { ensureBuilt, startServer } from './app.mjs';
import { freePort } from './free-port.mjs';
import { onInterrupt } from './interrupt.mjs';

/**
 * Serves the production build on a free port while `run` works with it.
 * @template T
 * @param {(url: string) => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function withServedApp(run) {
  await ensureBuilt();
  const port = await freePort();
  const starting = startServer({ port });
  const close = async () => (await starting).close();
  const forget = onInterrupt(close);
  try {
    return await run((await starting).url);
  } finally {
    forget();
    await close();
  }
}
