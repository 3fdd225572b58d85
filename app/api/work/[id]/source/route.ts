import { workApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { answerIncoming } from '@/lib/server/ingest';
import { serverEnv } from '@/lib/server/process';
import { sourceOf } from '@/lib/server/queue';

/** Gives a range of the recording of a job. */
export const GET = route({
  ...workApi.source,
  name: 'work.source',
  token: () => serverEnv().workerToken,
  // a decoder that seeks asks often
  limit: { max: 60_000, windowS: 60, isLocal: true },
  async handle({ request, params: { id }, query: { lease }, signal }) {
    return answerIncoming(await sourceOf(id, lease), request, signal);
  },
});
