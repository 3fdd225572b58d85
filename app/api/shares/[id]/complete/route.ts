import { sharesApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { completeShare, idHashOf } from '@/lib/server/shares';

export const dynamic = 'force-dynamic';

/** Lets a share be opened from now on: all of its ciphertext is there. */
export const POST = route({
  ...sharesApi.complete,
  name: 'shares.complete',
  limit: { max: 120, windowS: 3600 },
  timeoutMs: 60_000,
  async handle({ user, params: { id }, signal }) {
    await completeShare(user.id, idHashOf(id), signal);
    return null;
  },
});
