import { workApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { serverEnv } from '@/lib/server/process';
import { workQueue } from '@/lib/server/queue';

/** Keeps a job for longer. */
export const POST = route({
  ...workApi.extend,
  name: 'work.extend',
  token: () => serverEnv().workerToken,
  limit: { max: 6_000, windowS: 60, isLocal: true },
  async handle({ params: { id }, body: { lease } }) {
    await workQueue().extend(id, lease);
    return null;
  },
});
