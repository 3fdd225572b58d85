import { linksApi } from '@/lib/contracts';
import { readReset } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

/** Whose password a link changes: password managers file it under that address. */
export const POST = route({
  ...linksApi.checkReset,
  name: 'password-reset.check',
  limit: { max: 60, windowS: 15 * 60, by: 'address' },
  async handle({ body: { token } }) {
    const { email } = await readReset(token);
    return { email };
  },
});
