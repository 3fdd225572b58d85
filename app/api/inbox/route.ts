import { inboxApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { ownInbox } from '@/lib/server/queue';

/** Recordings that wait to be transcribed, and those that are. */
export const GET = route({
  ...inboxApi.list,
  name: 'inbox.list',
  limit: { max: 300, windowS: 60 },
  handle: ({ user }) => ownInbox(user.id),
});
