import { linksApi } from '@/lib/contracts';
import { checkSetup, deviceOf, hashPassword, setUpOwner, signedIn } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

/** The embedded database is made here the first time, which takes half a minute on a slow machine. */
const TIMEOUT_MS = 120_000;

/** Makes the owner's account, once, and signs this browser in. */
export const POST = route({
  ...linksApi.setUp,
  name: 'setup',
  limit: { max: 20, windowS: 15 * 60 },
  timeoutMs: TIMEOUT_MS,
  async handle({ request, body: { token, account } }) {
    const { password, ...rest } = account;
    // a wrong link costs nothing: neither a database nor a hash
    await checkSetup(token);
    const passwordHash = await hashPassword(password);
    return signedIn(await setUpOwner(token, { ...rest, passwordHash }, deviceOf(request)));
  },
});
