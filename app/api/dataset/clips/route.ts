import { datasetApi } from '@/lib/contracts';
import { announceClip } from '@/lib/server/dataset';
import { route } from '@/lib/server/http';

export const dynamic = 'force-dynamic';

/** Says of a clip whether it is stored, or which of its bytes are wanted. */
export const POST = route({
  ...datasetApi.announceClip,
  name: 'dataset.announce-clip',
  limit: { max: 1200, windowS: 60 },
  handle: ({ user, body, signal }) => announceClip(user.id, body, signal),
});
