import { liveApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { createLive } from '@/lib/server/shares';

export const dynamic = 'force-dynamic';

/** Makes a link to live text. */
export const POST = route({
  ...liveApi.create,
  name: 'live.create',
  limit: { max: 60, windowS: 3600 },
  async handle({ user, body }) {
    await createLive(user.id, body);
    return null;
  },
});
