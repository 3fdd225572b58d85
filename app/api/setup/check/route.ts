import { z } from 'zod';
import { linkToken } from '@/lib/contracts/accounts';
import { checkSetup } from '@/lib/server/accounts/setup';
import { route } from '@/lib/server/http/route';

/** Whether a set-up link works; 204 when it does. */
export const POST = route({
  name: 'setup.check',
  session: 'open',
  body: z.object({ token: linkToken }),
  limit: { max: 60, windowS: 15 * 60 },
  timeoutMs: 60_000,
  async handle({ body: { token } }) {
    await checkSetup(token);
    return null;
  },
});
