import { trainingApi } from '@/lib/contracts';
import { LONGEST_ROUTE_MS, route } from '@/lib/server/http';
import { authorizedRun, putModelFile } from '@/lib/server/training';

export const dynamic = 'force-dynamic';

/** Takes a file of the model that a run has made. */
export const PUT = route({
  ...trainingApi.putFile,
  name: 'training.model',
  limit: { max: 120, windowS: 60 },
  timeoutMs: LONGEST_ROUTE_MS,
  async handle({ request, params: { id, path }, signal }) {
    const run = await authorizedRun(id, request.headers);
    await putModelFile(run, path.join('/'), request.body, signal);
    return null;
  },
});
