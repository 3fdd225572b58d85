import { workApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { serverEnv } from '@/lib/server/process';
import { workQueue } from '@/lib/server/queue';

/** All of a job is stored. */
export const POST = route({
  ...workApi.finish,
  name: 'work.finish',
  token: () => serverEnv().workerToken,
  limit: { max: 6_000, windowS: 60, isLocal: true },
  async handle({ params: { id }, body: { lease, result } }) {
    await workQueue().finish(id, lease, result);
    return null;
  },
});
