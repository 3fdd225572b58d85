import { datasetApi } from '@/lib/contracts';
import { publishedVersions, requestVersion } from '@/lib/server/dataset';
import { route } from '@/lib/server/http';
import { publishThenTrain } from '@/lib/server/training';

export const dynamic = 'force-dynamic';

/** A small version is written while the caller waits; a large one continues after the answer, in ms. */
const WAITED_MS = 5_000;

/** Begins a version, unless nothing has changed since the last one. */
export const POST = route({
  ...datasetApi.publish,
  name: 'dataset.publish',
  limit: { max: 30, windowS: 3600 },
  async handle() {
    const state = await requestVersion();
    const published = state === 'publishing' && (await withinTime(publishThenTrain()));
    if (published) return { state: 'published', version: published };
    const [newest] = await publishedVersions();
    return { state, version: newest ?? null };
  },
});

/** The result of `work` if it finishes while the caller waits; `null`: not yet, and it continues. */
async function withinTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), WAITED_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
