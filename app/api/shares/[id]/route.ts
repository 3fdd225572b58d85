import { EXPIRES_HEADER, sharesApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import {
  authKeyOf,
  authoriseReader,
  idHashOf,
  openDocument,
  putCiphertext,
  revokeShare,
} from '@/lib/server/shares';
import { ciphertextAnswer, SLOW_LINE_MS } from '../answers';

export const dynamic = 'force-dynamic';

/** The sealed document, for a client that shows the auth key; counted as an opening. */
export const GET = route({
  ...sharesApi.open,
  name: 'shares.open',
  // by this instance alone: readers come in numbers, and wrong passwords are counted by all together
  limit: { max: 300, windowS: 60, by: 'address', isLocal: true },
  async handle({ request, params: { id }, address, signal }) {
    const share = await authoriseReader({ id, authKey: authKeyOf(request), address });
    const object = await openDocument(share, signal);
    return ciphertextAnswer(object, { [EXPIRES_HEADER]: share.expiresAt.toISOString() });
  },
});

/** Takes the sealed document of a share that is being made. */
export const PUT = route({
  ...sharesApi.put,
  name: 'shares.put',
  limit: { max: 120, windowS: 3600 },
  timeoutMs: SLOW_LINE_MS,
  async handle({ user, params: { id }, bytes, signal }) {
    await putCiphertext(user.id, idHashOf(id), null, bytes, signal);
    return null;
  },
});

/** Revokes a share. */
export const DELETE = route({
  ...sharesApi.revoke,
  name: 'shares.revoke',
  limit: { max: 120, windowS: 60 },
  async handle({ user, params: { id }, signal }) {
    await revokeShare(user.id, idHashOf(id), signal);
    return null;
  },
});
