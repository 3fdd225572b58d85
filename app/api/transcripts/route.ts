import { pageQuerySchema } from '@/lib/contracts/transcripts';
import { route } from '@/lib/server/http/route';
import { listSummaries } from '@/lib/server/sync/transcripts';

/** What changed on the list of whoever is signed in, deletions among it. */
export const GET = route({
  name: 'transcripts.list',
  session: 'user',
  query: pageQuerySchema,
  limit: { max: 300, windowS: 60 },
  handle: ({ user, query }) => listSummaries(user.id, query),
});
