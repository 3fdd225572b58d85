import { workApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { serverEnv } from '@/lib/server/process';
import { workQueue } from '@/lib/server/queue';

/** Gives a worker the next job, and waits a while for one. */
export const POST = route({
  ...workApi.lease,
  name: 'work.lease',
  token: () => serverEnv().workerToken,
  limit: { max: 6_000, windowS: 60, isLocal: true },
  async handle({ body: { workerId, workerName, waitMs }, signal }) {
    const job = await workQueue().lease({ id: workerId, name: workerName }, waitMs, signal);
    return { job };
  },
});
