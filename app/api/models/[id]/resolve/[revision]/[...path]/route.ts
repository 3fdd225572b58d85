import { modelsApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { answerShelfFile } from '@/lib/server/models';

export const dynamic = 'force-dynamic';

/** A file of one of the server's own models, at an address as hubs have them; ranges are taken. */
export const GET = route({
  ...modelsApi.file,
  name: 'models.file',
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
