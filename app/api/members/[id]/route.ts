import { z } from 'zod';
import { removeMember } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

/** Removes an account with its sessions, list of transcripts and shares. */
export const DELETE = route({
  name: 'members.remove',
  session: 'owner',
  params: z.object({ id: z.uuid() }),
  limit: { max: 60, windowS: 60 },
  async handle({ params: { id } }) {
    await removeMember(id);
    return null;
  },
});
