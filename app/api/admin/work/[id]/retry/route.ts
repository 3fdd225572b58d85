import { adminApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { workQueue } from '@/lib/server/queue';

/** Lets a failed job be tried again. */
export const POST = route({
  ...adminApi.retry,
  name: 'admin.work.retry',
  limit: { max: 600, windowS: 60 },
  async handle({ params: { id } }) {
    await workQueue().retry(id);
    return null;
  },
});
