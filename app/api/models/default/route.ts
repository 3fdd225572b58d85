import { modelsApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { setDefaultModel } from '@/lib/server/models';

export const dynamic = 'force-dynamic';

/** Sets what browsers use that have not chosen any model; `null`: the built-in one. */
export const PUT = route({
  ...modelsApi.setDefault,
  name: 'models.default',
  limit: { max: 60, windowS: 60 },
  async handle({ body: { modelId } }) {
    await setDefaultModel(modelId);
    return null;
  },
});
