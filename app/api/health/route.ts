import { operationsApi } from '@/lib/contracts';
import { readiness } from '@/lib/server';
import { route } from '@/lib/server/http';
import { serverEnv } from '@/lib/server/process';

const ready = route({
  ...operationsApi.health,
  name: 'health.ready',
  token: () => serverEnv().metricsToken,
  limit: { max: 600, windowS: 60, isLocal: true },
  async handle() {
    const { isReady, database, objects } = await readiness();
    if (isReady) return { ready: true, database, objects };
    return Response.json(
      { code: 'SERVER_BUSY', message: 'Not ready.', ready: false, database, objects },
      { status: 503 },
    );
  },
});

/**
 * Without `?ready`: this process lives. It says only `ok`, asks nothing of anything, and has no
 * limit: who floods the app must not be able to make a supervisor take it for dead.
 */
export function GET(request: Request): Response | Promise<Response> {
  if (new URL(request.url).searchParams.has('ready')) return ready(request);
  return new Response('ok', {
    headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' },
  });
}
