// A page of ours in this process: what it asks by `fetch` and XMLHttpRequest reaches the real routes.
import { onTestFinished, vi } from 'vitest';
import { expectContract } from '@/lib/server/testing/contract';
import type { SignedIn } from '@/lib/server/testing/sign-in';

const ORIGIN = 'http://localhost:3000';

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Promise<Response>;

/** The routes a page may ask, each by its path with `[name]` for what it takes from it. */
export type Routes = Record<string, Partial<Record<string, Handler>>>;

/** What went over the line for one request. */
export interface Exchange {
  method: string;
  path: string;
  /** Address, headers and body, each byte as one character. */
  sent: string;
  /** Headers and body of the answer. */
  got: string;
  /** 0 while the answer is on its way; -1 when none came. */
  status: number;
}

/** Stands between a page and the server: it may answer itself, change an answer, or throw. */
type Between = (request: Request, pass: () => Promise<Response>) => Promise<Response>;

const latin1 = (bytes: ArrayBuffer) => Buffer.from(bytes).toString('latin1');

/** One browser's page; for the running test, `fetch` and XMLHttpRequest are its own. */
export class TestPage {
  readonly exchanges: Exchange[] = [];
  /** Who is signed in; `null`: a stranger. */
  as: SignedIn | null = null;
  /** What the network does, for this test. */
  between: Between = (_request, pass) => pass();

  constructor(private readonly routes: Routes) {
    vi.stubGlobal('window', Object.assign(new EventTarget(), { location: { origin: ORIGIN } }));
    vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
    vi.stubGlobal('fetch', (path: string, init?: RequestInit) => this.fetch(path, init));
    vi.stubGlobal('XMLHttpRequest', uploadsBy(this));
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
  }

  async fetch(path: string, { signal, ...init }: RequestInit = {}): Promise<Response> {
    signal?.throwIfAborted();
    const headers = new Headers(init.headers);
    headers.set('sec-fetch-site', 'same-origin');
    if (this.as) headers.set('cookie', this.as.cookie);
    const make = () => new Request(new URL(path, ORIGIN), { ...init, headers });
    const request = make();
    const bytes = await make().arrayBuffer();
    const exchange: Exchange = {
      method: request.method,
      path,
      sent: `${request.url}\n${JSON.stringify([...headers])}\n${latin1(bytes)}`,
      got: '',
      status: 0,
    };
    this.exchanges.push(exchange);
    const given = await withSignal(
      this.between(request, () => this.answer(request)),
      signal,
    ).catch((error: unknown) => {
      exchange.status = -1;
      throw error;
    });
    const body = await given.clone().arrayBuffer();
    exchange.got = `${JSON.stringify([...given.headers])}\n${latin1(body)}`;
    exchange.status = given.status;
    return given;
  }

  private async answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    for (const [pattern, methods] of Object.entries(this.routes)) {
      const params = paramsIn(pattern, pathname);
      const handler = params && methods[request.method];
      if (!handler) continue;
      const response = await handler(request, { params: Promise.resolve(params) });
      await expectContract(request, response);
      return response;
    }
    throw new Error(`No route for ${request.method} ${pathname}.`);
  }

  /** The method and path of every request so far, and forgets them. */
  asked(): string[] {
    return this.exchanges.splice(0).map(({ method, path }) => `${method} ${path}`);
  }
}

function paramsIn(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const [, name] = /^\[(\w+)\]$/.exec(part) ?? [];
    if (name) params[name] = given[at] ?? '';
    else if (part !== given[at]) return null;
  }
  return params;
}

/** As `fetch` does it: an aborted caller waits no longer, whatever becomes of the answer. */
function withSignal<T>(answer: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** As much of XMLHttpRequest as uploads use. */
function uploadsBy(page: TestPage) {
  return class {
    readonly upload: { onprogress: (event: { loaded: number }) => void } = {
      onprogress: () => undefined,
    };
    status = 0;
    responseText = '';
    onload = () => undefined;
    onerror = () => undefined;
    onabort = () => undefined;
    onloadend = () => undefined;
    private readonly stop = new AbortController();
    private readonly headers: Record<string, string> = {};
    private method = '';
    private path = '';

    open(method: string, path: string): void {
      this.method = method;
      this.path = path;
    }

    setRequestHeader(name: string, value: string): void {
      this.headers[name] = value;
    }

    async send(body: Uint8Array<ArrayBuffer>): Promise<void> {
      const { method, headers, stop } = this;
      try {
        const response = await page.fetch(this.path, {
          method,
          headers,
          body,
          signal: stop.signal,
        });
        this.upload.onprogress({ loaded: body.length });
        this.status = response.status;
        this.responseText = await response.text();
        this.onload();
      } catch {
        // a failure says nothing to pages but that there was one
        if (stop.signal.aborted) this.onabort();
        else this.onerror();
      }
      this.onloadend();
    }

    abort(): void {
      this.stop.abort();
    }
  };
}
