import { trainingApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { actOnRun } from '@/lib/server/training';

export const dynamic = 'force-dynamic';

/** Cancels a run, starts it again, or puts its model in use or out of it. */
export const POST = route({
  ...trainingApi.act,
  name: 'training.act',
  limit: { max: 60, windowS: 60 },
  handle: ({ params: { id }, body: { action } }) => actOnRun(id, action),
});
