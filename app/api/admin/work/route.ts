import { adminApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { workOverview } from '@/lib/server/queue';

/** How the work of the workers stands, and what failed. */
export const GET = route({
  ...adminApi.overview,
  name: 'admin.work',
  limit: { max: 300, windowS: 60 },
  handle: workOverview,
});
