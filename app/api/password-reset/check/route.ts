import { z } from 'zod';
import { linkToken } from '@/lib/contracts';
import { readReset } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

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
