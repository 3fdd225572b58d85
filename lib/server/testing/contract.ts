import { expect } from 'vitest';
import { API, type Endpoint, failureSchema } from '@/lib/contracts';

const ENDPOINTS = API.flatMap(({ endpoints }) => endpoints);

/** What the contracts say of a request; `undefined`: nothing. */
function endpointOf(method: string, path: string): Endpoint | undefined {
  const fitting = ENDPOINTS.filter((one) => {
    const pattern = one.path
      .replaceAll('.', '\\.')
      .replace(/\{path\}/, '.+')
      .replace(/\{\w+\}/g, '[^/]+');
    return one.method === method && new RegExp(`^${pattern}$`).test(path);
  });
  // one that names its last part goes before one that takes any
  return fitting.find((one) => one.path === path) ?? fitting[0];
}

/** Fails the test when a route's answer is not one that the contracts describe. */
export async function expectContract(request: Request, response: Response): Promise<void> {
  const { pathname } = new URL(request.url);
  const endpoint = endpointOf(request.method, pathname);
  if (!endpoint) return; // a test asks for what is not there
  const { answer } = endpoint;
  const what = `${request.method} ${pathname} ${response.status}`;
  if (response.status >= 400) {
    if (!isJson(response)) return; // an answer without a body
    const { error } = failureSchema.safeParse(await response.clone().json());
    expect(error, what).toBeUndefined();
  } else if (answer === null) expect(response.status, what).toBe(204);
  else if (typeof answer !== 'string' && response.status === 200 && isJson(response)) {
    const { error } = answer.safeParse(await response.clone().json());
    expect(error, what).toBeUndefined();
  }
}

/** `GET /api/health` says only `ok`. */
function isJson(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('application/json') ?? false;
}
