import { trainingApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { authorizedRun, putModelFile } from '@/lib/server/training';

export const dynamic = 'force-dynamic';

/** A large model over a slow line. */
const UPLOAD_MS = 60 * 60_000;

/** Takes a file of the model that a run has made. */
export const PUT = route({
  ...trainingApi.putFile,
  name: 'training.model',
  limit: { max: 120, windowS: 60 },
  timeoutMs: UPLOAD_MS,
  async handle({ request, params: { id, path }, signal }) {
    const run = await authorizedRun(id, request.headers);
    await putModelFile(run, path.join('/'), request.body, signal);
    return null;
  },
});
