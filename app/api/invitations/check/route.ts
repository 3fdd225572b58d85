import { linksApi } from '@/lib/contracts';
import { readOpenInvitation } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

/** Who invites with this link. */
export const POST = route({
  ...linksApi.checkInvitation,
  name: 'invitations.check',
  limit: { max: 60, windowS: 15 * 60, by: 'address' },
  handle: ({ body: { token } }) => readOpenInvitation(token),
});
