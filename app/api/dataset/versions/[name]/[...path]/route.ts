import { datasetApi } from '@/lib/contracts';
import { openVersionFile } from '@/lib/server/dataset';
import { route } from '@/lib/server/http';

export const dynamic = 'force-dynamic';

/** A file of a version, or one of its clips, for the owner. */
export const GET = route({
  ...datasetApi.file,
  name: 'dataset.file',
  limit: { max: 6000, windowS: 60 },
  async handle({ params: { name, path }, signal }) {
    const { body, sizeBytes } = await openVersionFile(name, path.join('/'), signal);
    return new Response(body, {
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(sizeBytes),
        'content-disposition': `attachment; filename="${path.at(-1)}"`,
        'x-content-type-options': 'nosniff',
      },
    });
  },
});
