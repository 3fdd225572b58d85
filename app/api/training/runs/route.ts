import { trainingApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { listTraining, startRun } from '@/lib/server/training';

export const dynamic = 'force-dynamic';

/** Lists the training runs. */
export const GET = route({
  ...trainingApi.list,
  name: 'training.list',
  limit: { max: 120, windowS: 60 },
  handle: () => listTraining(),
});

/** Starts the run of a version. */
export const POST = route({
  ...trainingApi.start,
  name: 'training.start',
  limit: { max: 30, windowS: 60 },
  handle: ({ body: { version } }) => startRun(version),
});
