import { datasetApi } from '@/lib/contracts';
import { putClipPart } from '@/lib/server/dataset';
import { route } from '@/lib/server/http';

export const dynamic = 'force-dynamic';

/** A part is a quarter of a megabyte, which a slow line takes a while to send. */
const SLOW_LINE_MS = 60_000;

/** Takes a part of a clip; the same part again is fine. */
export const PUT = route({
  ...datasetApi.putClip,
  name: 'dataset.put-clip',
  limit: { max: 1200, windowS: 60 },
  timeoutMs: SLOW_LINE_MS,
  handle: ({ user, params: { sha256 }, query: { offset }, bytes, signal }) =>
    putClipPart({ ownerId: user.id, sha256, offset }, bytes, signal),
});
