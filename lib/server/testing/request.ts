import { onTestFinished, vi } from 'vitest';

/** The address that routes under test appear to have. */
export const TEST_ROUTE_URL = 'http://localhost:3000/api/it';

/** A limit that no test reaches, and that asks no database. */
export const WIDE_LIMIT = { max: 1000, windowS: 60, isLocal: true };

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: BodyInit;
  signal?: AbortSignal;
}

/** A request as a page of ours sends it. */
export function request(path = '', { headers, ...rest }: Sent = {}): Request {
  return new Request(`${TEST_ROUTE_URL}${path}`, {
    ...rest,
    headers: { 'sec-fetch-site': 'same-origin', ...headers },
    // the platform wants this of bodies that come in pieces
    ...(rest.body instanceof ReadableStream ? { duplex: 'half' } : {}),
  });
}

/** A JSON body as a page of ours sends it; a string goes as it is. */
export const post = (value: unknown, headers: Record<string, string> = {}) =>
  request('', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof value === 'string' ? value : JSON.stringify(value),
  });

/** Everything written to the log while the test runs. */
export function logged(): string[] {
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    const spy = vi.spyOn(stream, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
    onTestFinished(() => spy.mockRestore());
  }
  return lines;
}

/** Status and body of a response with a failure. */
export const answerOf = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as { code: string; message: string }),
});
