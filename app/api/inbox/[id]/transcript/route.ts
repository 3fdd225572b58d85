import { inboxApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { readTranscript } from '@/lib/server/queue';

/** The transcript that a worker has made. */
export const GET = route({
  ...inboxApi.transcript,
  name: 'inbox.transcript',
  limit: { max: 600, windowS: 60 },
  handle: ({ user, params: { id } }) => readTranscript(user.id, id),
});
