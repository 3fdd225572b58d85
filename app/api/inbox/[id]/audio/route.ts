import { inboxApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { answerIncoming } from '@/lib/server/ingest';
import { ownJob } from '@/lib/server/queue';

/** A recording that waits to be transcribed. */
export const GET = route({
  ...inboxApi.audio,
  name: 'inbox.audio',
  limit: { max: 6_000, windowS: 60 },
  async handle({ request, user, params: { id }, signal }) {
    const { source } = await ownJob(user.id, id);
    return answerIncoming(source, request, signal);
  },
});
