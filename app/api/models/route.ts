import { modelsApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { readShelf } from '@/lib/server/models';

/** The folder is read when it is asked for: models come and go while the server runs. */
export const dynamic = 'force-dynamic';

/** The models that this server has itself: `{ models, defaultModelId }`. */
export const GET = route({
  ...modelsApi.list,
  name: 'models',
  limit: { max: 600, windowS: 60, isLocal: true },
  handle: readShelf,
});
