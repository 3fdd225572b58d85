import { inboxApi } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { isPublicKey } from '@/lib/sealing';
import { route } from '@/lib/server/http';
import { chooseKey } from '@/lib/server/queue';

/** Chooses what later transcripts are sealed to. */
export const PUT = route({
  ...inboxApi.chooseKey,
  name: 'inbox.key',
  limit: { max: 60, windowS: 60 },
  async handle({ user, body: { publicKey } }) {
    if (publicKey !== null && !(await isPublicKey(publicKey)))
      throw new AppError('BAD_REQUEST', 'This is not a public key of P-256.');
    await chooseKey(user.id, publicKey);
    return null;
  },
});
