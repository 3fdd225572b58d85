import { z } from 'zod';
import { authApi } from '@/lib/contracts';
import { readAuth, writeAuth } from '@/lib/server/accounts';
import { type RouteContext, route } from '@/lib/server/http';

const params = z.object({ nextauth: z.array(z.string()) });
/** A provider's discovery, its token and its profile are up to 8 s each. */
const TIMEOUT_MS = 30_000;

async function callOf<B>(context: RouteContext<z.infer<typeof params>, undefined, B, 'open'>) {
  const { request, address, session } = context;
  return { request, address, session: await session(), path: context.params.nextauth };
}

/** Who is signed in, the token for the next write, and the way back from a provider. */
export const GET = route({
  name: 'auth.read',
  session: 'open',
  params,
  limit: { max: 240, windowS: 60 },
  timeoutMs: TIMEOUT_MS,
  handle: async (context) => readAuth(await callOf(context)),
});

/** Signing in and out, and the way to a provider. */
export const POST = route({
  name: 'auth.write',
  session: 'open',
  params,
  body: authApi.signIn.body,
  maxBytes: 16 * 1024,
  limit: { max: 60, windowS: 60, by: 'address' },
  timeoutMs: TIMEOUT_MS,
  handle: async (context) => writeAuth(await callOf(context), context.body),
});
