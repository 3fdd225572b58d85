import { GET, POST } from '@/app/api/auth/[...nextauth]/route';
import { serverEnv } from '@/lib/server/process/env';
import { expectContract } from './contract';
import { inRequestScope } from './request-scope';
import { signInAs } from './sign-in';

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string | string[]>> },
) => Promise<Response>;

/** As much of a browser as routes see of one: it keeps cookies and says where a request comes from. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly headers: Record<string, string> = {}) {}

  request(path: string, init: RequestInit = {}): Request {
    const headers = new Headers({ 'sec-fetch-site': 'same-origin', ...this.headers });
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookie !== '') headers.set('cookie', cookie);
    return new Request(new URL(path, serverEnv().publicUrl), { ...init, headers });
  }

  /** Calls a route's handler and keeps the cookies that it sets. */
  async call(
    handler: Handler,
    path: string,
    init: RequestInit = {},
    params: Record<string, string | string[]> = {},
  ): Promise<Response> {
    const request = this.request(path, init);
    const response = await inRequestScope(request, () =>
      handler(request, { params: Promise.resolve(params) }),
    );
    for (const line of response.headers.getSetCookie()) this.keep(line);
    await expectContract(request, response);
    return response;
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    const isOver = /;\s*max-age=0(;|$)/i.test(line) || value === '';
    if (isOver) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  /** Reads from next-auth. */
  get(path: string): Promise<Response> {
    return this.call(GET, path, {}, { nextauth: authPath(path) });
  }

  /** Writes to next-auth, with the token that it asks for. */
  async post(path: string, body: Record<string, unknown>): Promise<Response> {
    const { csrfToken } = await (await this.get('/api/auth/csrf')).json();
    return this.postRaw(path, { csrfToken, ...body });
  }

  /** Writes to next-auth just so. */
  postRaw(path: string, body: Record<string, unknown>): Promise<Response> {
    return this.call(POST, path, json(body), { nextauth: authPath(path) });
  }

  signIn(email: string, password: string, more: Record<string, unknown> = {}): Promise<Response> {
    return this.post('/api/auth/callback/credentials', { email, password, ...more });
  }

  /** Signs this browser in, past the sign-in page. @returns the session's id */
  async enterAs(userId: string): Promise<string> {
    const { cookie, sessionId } = await signInAs(userId, this.headers['user-agent']);
    this.keep(cookie);
    return sessionId;
  }

  signOut(): Promise<Response> {
    return this.post('/api/auth/signout', {});
  }
}

function authPath(path: string): string[] {
  return new URL(path, 'http://localhost').pathname.split('/').slice(3);
}

/** A request that posts JSON. */
export function json(body: unknown, method = 'POST'): RequestInit {
  return {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}
