import { z } from 'zod';
import { linkToken, newPassword } from '@/lib/server/account-schemas';
import { resetPassword } from '@/lib/server/password-change';
import { route } from '@/lib/server/route';
import { deviceOf } from '@/lib/server/sessions';
import { signedIn } from '@/lib/server/signed-in';

/** Sets the password that a link was made for, and signs this browser in. */
export const POST = route({
  name: 'password-reset',
  session: 'open',
  body: z.object({ token: linkToken, password: newPassword }),
  limit: { max: 20, windowS: 15 * 60, by: 'address' },
  handle: async ({ request, body: { token, password } }) =>
    signedIn(await resetPassword(token, password, deviceOf(request))),
});
