import { workApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { serverEnv } from '@/lib/server/process';
import { workQueue } from '@/lib/server/queue';

/** Stores a batch of segments, and the progress with them. */
export const POST = route({
  ...workApi.batch,
  name: 'work.batch',
  token: () => serverEnv().workerToken,
  // a hundred seconds of speech, with the times of its words
  maxBytes: 1024 * 1024,
  limit: { max: 6_000, windowS: 60, isLocal: true },
  async handle({ params: { id }, body: { lease, ...batch } }) {
    await workQueue().storeBatch(id, lease, batch);
    return null;
  },
});
