import { sharesApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { createShare, listShares } from '@/lib/server/shares';

export const dynamic = 'force-dynamic';

/** Makes a share; its ciphertext comes after, and only then can it be opened. */
export const POST = route({
  ...sharesApi.create,
  name: 'shares.create',
  limit: { max: 60, windowS: 3600 },
  async handle({ user, body }) {
    await createShare(user.id, body);
    return null;
  },
});

/** The links of the signed-in user, all or those of one transcript. */
export const GET = route({
  ...sharesApi.list,
  name: 'shares.list',
  limit: { max: 120, windowS: 60 },
  handle: async ({ user, query }) => ({ shares: await listShares(user.id, query.transcriptId) }),
});
