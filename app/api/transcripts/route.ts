import { transcriptsApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { listSummaries } from '@/lib/server/sync';

/** What changed on the list of the signed-in user, deletions among it. */
export const GET = route({
  ...transcriptsApi.list,
  name: 'transcripts.list',
  limit: { max: 300, windowS: 60 },
  handle: ({ user, query }) => listSummaries(user.id, query),
});
