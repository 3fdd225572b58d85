import { parseHub } from '@/lib/catalogue';
import { modelsApi } from '@/lib/contracts';
import { isAppError } from '@/lib/core';
import { route } from '@/lib/server/http';

/** `MODEL_HUB` is read when it is asked for, not when the app is built. */
export const dynamic = 'force-dynamic';

/** Where models are downloaded from: `{ address }`, without a last slash. */
export const GET = route({
  ...modelsApi.hub,
  name: 'hub',
  limit: { max: 600, windowS: 60, isLocal: true },
  async handle() {
    try {
      return { address: parseHub(process.env.MODEL_HUB) };
    } catch (error) {
      if (!isAppError(error)) throw error;
      // the operator set it wrong: the page shows them this sentence
      const { code, message } = error;
      return Response.json({ code, message }, { status: 500 });
    }
  },
});
