import { workApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { serverEnv } from '@/lib/server/process';
import { workQueue } from '@/lib/server/queue';

/** Gives a job back with the reason. */
export const POST = route({
  ...workApi.fail,
  name: 'work.fail',
  token: () => serverEnv().workerToken,
  limit: { max: 6_000, windowS: 60, isLocal: true },
  async handle({ params: { id }, body: { lease, isFinal, ...failure } }) {
    await workQueue().fail(id, lease, failure, isFinal);
    return null;
  },
});
