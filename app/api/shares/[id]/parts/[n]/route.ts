import { sharesApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { authKeyOf, authoriseReader, idHashOf, openPart, putCiphertext } from '@/lib/server/shares';
import { ciphertextAnswer, SLOW_LINE_MS } from '../../../answers';

export const dynamic = 'force-dynamic';

/** A part of the sealed audio, for a client that shows the auth key. */
export const GET = route({
  ...sharesApi.openPart,
  name: 'shares.part',
  limit: { max: 1200, windowS: 60, by: 'address', isLocal: true },
  async handle({ request, params: { id, n }, address, signal }) {
    const share = await authoriseReader({ id, authKey: authKeyOf(request), address });
    return ciphertextAnswer(await openPart(share, n, signal));
  },
});

/** Takes a part of the sealed audio of a share that is being made; the same again is fine. */
export const PUT = route({
  ...sharesApi.putPart,
  name: 'shares.put-part',
  limit: { max: 1200, windowS: 60 },
  timeoutMs: SLOW_LINE_MS,
  async handle({ user, params: { id, n }, bytes, signal }) {
    await putCiphertext(user.id, idHashOf(id), n, bytes, signal);
    return null;
  },
});
