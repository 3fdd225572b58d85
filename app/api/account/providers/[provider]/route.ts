import { accountApi } from '@/lib/contracts';
import { unlink } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

/** Takes a provider's account away from the user's own. */
export const DELETE = route({
  ...accountApi.unlink,
  name: 'account.unlink',
  limit: { max: 60, windowS: 60 },
  async handle({ user, params: { provider } }) {
    await unlink(user.id, provider);
    return null;
  },
});
