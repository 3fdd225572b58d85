import { pageQuerySchema } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { listSummaries } from '@/lib/server/sync';

/** What changed on the list of whoever is signed in, deletions among it. */
export const GET = route({
  name: 'transcripts.list',
  session: 'user',
  query: pageQuerySchema,
  limit: { max: 300, windowS: 60 },
  handle: ({ user, query }) => listSummaries(user.id, query),
});
