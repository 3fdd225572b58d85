import type { SignedIn } from '@/lib/server/testing/sign-in';
import { DELETE, PUT } from './[id]/route';
import { GET } from './route';

/** What a route answered. */
export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what it is, the test says
  body: any;
}

/** One browser that calls the routes; without a sign-in it sends no cookie. */
export function deviceOf(signedIn: SignedIn | null) {
  const headers = {
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
    ...(signedIn && { cookie: signedIn.cookie }),
  };
  const answer = async (response: Promise<Response>): Promise<Answer> => {
    const { status } = await response;
    return { status, body: await (await response).json() };
  };
  const at = (path: string) => `http://localhost:3000/api/transcripts${path}`;
  const params = (id: string) => ({ params: Promise.resolve({ id }) });
  return {
    list: (query = '') => answer(GET(new Request(at(query), { headers }))),
    put: (id: string, body: unknown, more: Record<string, string> = {}) =>
      answer(
        PUT(
          new Request(at(`/${id}`), {
            method: 'PUT',
            headers: { ...headers, ...more },
            body: typeof body === 'string' ? body : JSON.stringify(body),
          }),
          params(id),
        ),
      ),
    remove: (id: string, query: string) =>
      answer(DELETE(new Request(at(`/${id}${query}`), { method: 'DELETE', headers }), params(id))),
  };
}
