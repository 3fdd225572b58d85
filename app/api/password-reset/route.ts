import { linksApi } from '@/lib/contracts';
import { deviceOf, resetPassword, signedIn } from '@/lib/server/accounts';
import { route } from '@/lib/server/http';

/** Sets the password that a link was made for, and signs this browser in. */
export const POST = route({
  ...linksApi.resetPassword,
  name: 'password-reset',
  limit: { max: 20, windowS: 15 * 60, by: 'address' },
  handle: async ({ request, body: { token, password } }) =>
    signedIn(await resetPassword(token, password, deviceOf(request))),
});
