import { membersApi } from '@/lib/contracts';
import { resetToken } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

/** A link by which a member chooses a new password. The owner hands it over, as an invitation. */
export const POST = route({
  ...membersApi.reset,
  name: 'members.reset',
  limit: { max: 60, windowS: 60 * 60 },
  handle: async ({ params: { id } }) => ({ token: await resetToken(id) }),
});
