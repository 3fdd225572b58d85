import { accountApi } from '@/lib/contracts';
import { changePassword } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

/** Changes the user's own password; they are signed out everywhere else. */
export const POST = route({
  ...accountApi.changePassword,
  name: 'account.password',
  limit: { max: 10, windowS: 15 * 60 },
  async handle({ user, sessionId, body }) {
    await changePassword(user.id, sessionId, body);
    return null;
  },
});
