import { linksApi } from '@/lib/contracts';
import { checkSetup } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

/** Whether a set-up link works; 204 when it does. */
export const POST = route({
  ...linksApi.checkSetup,
  name: 'setup.check',
  limit: { max: 60, windowS: 15 * 60 },
  timeoutMs: 60_000,
  async handle({ body: { token } }) {
    await checkSetup(token);
    return null;
  },
});
