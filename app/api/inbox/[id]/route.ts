import { inboxApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { removeJob } from '@/lib/server/queue';

/** Takes a recording off the list, with its transcript. */
export const DELETE = route({
  ...inboxApi.remove,
  name: 'inbox.delete',
  limit: { max: 600, windowS: 60 },
  async handle({ user, params: { id } }) {
    await removeJob(user.id, id);
    return null;
  },
});
