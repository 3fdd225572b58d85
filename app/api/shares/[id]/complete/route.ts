import { route } from '@/lib/server/http';
import { completeShare, idHashOf } from '@/lib/server/shares';
import { shareParams } from '../../answers';

export const dynamic = 'force-dynamic';

/** Lets a share be opened from now on: all of its ciphertext is there. */
export const POST = route({
  name: 'shares.complete',
  session: 'user',
  params: shareParams,
  limit: { max: 120, windowS: 3600 },
  timeoutMs: 60_000,
  async handle({ user, params: { id }, signal }) {
    await completeShare(user.id, idHashOf(id), signal);
    return null;
  },
});
