import { datasetApi } from '@/lib/contracts';
import { datasetFigures } from '@/lib/server/dataset';
import { route } from '@/lib/server/http';

export const dynamic = 'force-dynamic';

/** Hours, clips and speakers, and the published versions. */
export const GET = route({
  ...datasetApi.figures,
  name: 'dataset.figures',
  limit: { max: 120, windowS: 60 },
  handle: datasetFigures,
});
