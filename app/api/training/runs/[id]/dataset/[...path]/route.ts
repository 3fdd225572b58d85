import { trainingApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { authorizedRun, openRunFile } from '@/lib/server/training';

export const dynamic = 'force-dynamic';

/** A file of the run's version, or one of its clips, for the trainer. */
export const GET = route({
  ...trainingApi.file,
  name: 'training.file',
  limit: { max: 6000, windowS: 60 },
  async handle({ request, params: { id, path }, signal }) {
    const run = await authorizedRun(id, request.headers);
    const { body, sizeBytes } = await openRunFile(run, path.join('/'), signal);
    return new Response(body, {
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(sizeBytes),
        'x-content-type-options': 'nosniff',
      },
    });
  },
});
