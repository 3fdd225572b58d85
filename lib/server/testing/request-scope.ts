// What Next gives to everything that runs while it answers a request: `cookies()` and `headers()`.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { RequestCookies } from 'next/dist/server/web/spec-extension/cookies';

const answered = new AsyncLocalStorage<Request>();

function headersNow(): Headers {
  const request = answered.getStore();
  if (!request) throw new Error('No request is being answered.');
  return request.headers;
}

// next-auth is loaded by Node itself, and asks Node for this module when it needs it
const { cache, resolve } = createRequire(import.meta.url);
const path = resolve('next/headers');
cache[path] = Object.assign(Object.create(null), {
  id: path,
  filename: path,
  loaded: true,
  exports: {
    headers: async () => headersNow(),
    cookies: async () => new RequestCookies(headersNow()),
  },
});

/** Runs a route's handler as Next does. */
export function inRequestScope<T>(request: Request, handle: () => T): T {
  return answered.run(request, handle);
}
