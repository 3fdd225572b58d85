import 'server-only';
import { type SessionClaims, sessionCookie } from './session-cookie';

/** The answer that signs a browser in: empty, with the session's cookie. */
export async function signedIn(claims: SessionClaims): Promise<Response> {
  return new Response(null, {
    status: 204,
    headers: { 'set-cookie': await sessionCookie(claims) },
  });
}
