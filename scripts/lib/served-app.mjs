import { ensureBuilt, startServer } from './app.mjs';
import { freePort } from './free-port.mjs';

/**
 * Serves the production build on a free port while `run` works with it.
 * @template T
 * @param {(url: string) => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function withServedApp(run) {
  await ensureBuilt();
  const server = await startServer({ port: await freePort() });
  try {
    return await run(server.url);
  } finally {
    await server.close();
  }
}
