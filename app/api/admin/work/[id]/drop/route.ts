import { adminApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { workQueue } from '@/lib/server/queue';

/** Gives up a job. */
export const POST = route({
  ...adminApi.drop,
  name: 'admin.work.drop',
  limit: { max: 600, windowS: 60 },
  async handle({ params: { id } }) {
    await workQueue().drop(id);
    return null;
  },
});
