import { datasetApi } from '@/lib/contracts';
import { publishVersion } from '@/lib/server/dataset';
import { route } from '@/lib/server/http';
import { startRunAfterPublishing } from '@/lib/server/training';

export const dynamic = 'force-dynamic';

/** A version has every line in some ten files; a store over the internet takes its time. */
const WRITING_MS = 10 * 60_000;

/** Publishes a version, unless nothing has changed since the last one. */
export const POST = route({
  ...datasetApi.publish,
  name: 'dataset.publish',
  limit: { max: 30, windowS: 3600 },
  timeoutMs: WRITING_MS,
  async handle({ signal }) {
    const answer = await publishVersion(signal);
    await startRunAfterPublishing();
    return answer;
  },
});
