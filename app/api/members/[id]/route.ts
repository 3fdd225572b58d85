import { membersApi } from '@/lib/contracts';
import { removeMember } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

/** Removes an account with its sessions, list of transcripts and shares. */
export const DELETE = route({
  ...membersApi.remove,
  name: 'members.remove',
  limit: { max: 60, windowS: 60 },
  async handle({ params: { id } }) {
    await removeMember(id);
    return null;
  },
});
