import { trainingApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { authorizedRun, takeReport } from '@/lib/server/training';

export const dynamic = 'force-dynamic';

/** A model that is done is copied and hashed before the answer. */
const CHECKING_MS = 10 * 60_000;

/** Takes the report of a training run, by the token that came with its start. */
export const POST = route({
  ...trainingApi.callback,
  name: 'training.callback',
  limit: { max: 600, windowS: 60 },
  timeoutMs: CHECKING_MS,
  async handle({ request, body, signal }) {
    const run = await authorizedRun(body.run, request.headers);
    return { state: await takeReport(run, body, signal) };
  },
});
