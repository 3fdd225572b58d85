import { inboxApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { countUnread } from '@/lib/server/queue';

/** How many transcripts are new. */
export const GET = route({
  ...inboxApi.unread,
  name: 'inbox.unread',
  limit: { max: 300, windowS: 60 },
  handle: async ({ user }) => ({ unread: await countUnread(user.id) }),
});
