import { z } from 'zod';
import { resetToken } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

/** A link by which a member chooses a new password. The owner hands it over, as an invitation. */
export const POST = route({
  name: 'members.reset',
  session: 'owner',
  params: z.object({ id: z.uuid() }),
  limit: { max: 60, windowS: 60 * 60 },
  handle: async ({ params: { id } }) => ({ token: await resetToken(id) }),
});
