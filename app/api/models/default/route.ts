import { z } from 'zod';
import { route } from '@/lib/server/http';
import { setDefaultModel } from '@/lib/server/models';

export const dynamic = 'force-dynamic';

/** Sets what browsers use that have not chosen any model; `null`: the built-in one. */
export const PUT = route({
  name: 'models.default',
  session: 'owner',
  body: z.object({ modelId: z.string().max(200).nullable() }),
  limit: { max: 60, windowS: 60 },
  async handle({ body: { modelId } }) {
    await setDefaultModel(modelId);
    return null;
  },
});
