import { z } from 'zod';
import { linkToken, newPassword } from '@/lib/contracts/accounts';
import { resetPassword } from '@/lib/server/accounts/password-change';
import { deviceOf } from '@/lib/server/accounts/sessions';
import { signedIn } from '@/lib/server/accounts/signed-in';
import { route } from '@/lib/server/http/route';

/** Sets the password that a link was made for, and signs this browser in. */
export const POST = route({
  name: 'password-reset',
  session: 'open',
  body: z.object({ token: linkToken, password: newPassword }),
  limit: { max: 20, windowS: 15 * 60, by: 'address' },
  handle: async ({ request, body: { token, password } }) =>
    signedIn(await resetPassword(token, password, deviceOf(request))),
});
