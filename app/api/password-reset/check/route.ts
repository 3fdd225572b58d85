import { z } from 'zod';
import { linkToken } from '@/lib/contracts/accounts';
import { readReset } from '@/lib/server/accounts/password-change';
import { route } from '@/lib/server/http/route';

/** Whose password a link changes: password managers file it under that address. */
export const POST = route({
  name: 'password-reset.check',
  session: 'open',
  body: z.object({ token: linkToken }),
  limit: { max: 60, windowS: 15 * 60, by: 'address' },
  async handle({ body: { token } }) {
    const { email } = await readReset(token);
    return { email };
  },
});
