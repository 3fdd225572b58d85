import { z } from 'zod';
import { givenPassword, newPassword } from '@/lib/contracts';
import { changePassword } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

/** Changes the user's own password; they are signed out everywhere else. */
export const POST = route({
  name: 'account.password',
  session: 'user',
  body: z.object({ current: givenPassword, next: newPassword }),
  limit: { max: 10, windowS: 15 * 60 },
  async handle({ user, sessionId, body }) {
    await changePassword(user.id, sessionId, body);
    return null;
  },
});
