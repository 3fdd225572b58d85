import { inboxApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { incomingAddress } from '@/lib/server/ingest';
import { ownJob } from '@/lib/server/queue';

/** Where a recording can be had for some minutes. */
export const GET = route({
  ...inboxApi.audio,
  name: 'inbox.audio',
  limit: { max: 600, windowS: 60 },
  async handle({ user, params: { id }, signal }) {
    const { source } = await ownJob(user.id, id);
    return incomingAddress(id, source, signal);
  },
});
