import { z } from 'zod';
import { route } from '@/lib/server/http';
import { answerShelfFile } from '@/lib/server/models';

export const dynamic = 'force-dynamic';

/** Of any form: what never was a model's file is answered like one that is not there. */
const params = z.object({
  id: z.string().max(300),
  revision: z.string().max(300),
  path: z.array(z.string()).max(20),
});

/** A file of one of the server's own models, at an address as hubs have them; ranges are taken. */
export const GET = route({
  name: 'models.file',
  session: 'open',
  params,
  // many people behind one address fetch some files each
  limit: { max: 3000, windowS: 60, by: 'address', isLocal: true },
  handle: ({ request, params: { id, revision, path }, signal }) =>
    answerShelfFile({
      id,
      revision,
      path: path.join('/'),
      method: request.method,
      headers: request.headers,
      signal,
    }),
});
