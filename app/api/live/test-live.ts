import { deriveShareKeys, hashOf, newShareSecret } from '@/lib/client/sharing/envelope';
import { sampleTranscript } from '@/lib/client/sharing/test-share';
import type { LiveFrame } from '@/lib/contracts/live';
import type { SignedIn } from '@/lib/server/testing/sign-in';
import { POST as APPEND, GET } from './[id]/route';
import { POST as CREATE } from './route';

const ORIGIN = 'http://localhost:3000';

interface CallOptions {
  as?: SignedIn;
  body?: unknown;
  auth?: string;
  signal?: AbortSignal;
}

function request(method: string, path: string, { as, body, auth, signal }: CallOptions): Request {
  return new Request(`${ORIGIN}${path}`, {
    method,
    headers: {
      'sec-fetch-site': 'same-origin',
      ...(as && { cookie: as.cookie }),
      ...(auth !== undefined && { authorization: `Share ${auth}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
}

const params = (id: string) => ({ params: Promise.resolve({ id }) });

/** The routes of live text, called as Next calls them. */
export const live = {
  create: (options: CallOptions) => CREATE(request('POST', '/api/live', options)),
  append: (id: string, options: CallOptions) =>
    APPEND(request('POST', `/api/live/${id}`, options), params(id)),
  follow: (id: string, options: CallOptions, from = 0) =>
    GET(request('GET', `/api/live/${id}?from=${from}`, options), params(id)),
};

/** A link to live text, as its owner's browser has it. */
export interface LiveLink {
  id: string;
  idHash: string;
  auth: string;
}

/** Makes a link to live text. */
export async function makeLive(
  as: SignedIn,
  { password = null as string | null, lifetimeS = 86_400 } = {},
): Promise<LiveLink> {
  const link = newShareSecret();
  const { auth } = await deriveShareKeys(link, password);
  const idHash = await hashOf(link.id);
  const facts = {
    idHash,
    authHash: await hashOf(auth),
    transcriptId: sampleTranscript().id,
    hasPassword: password !== null,
    lifetimeS,
  };
  const { status } = await live.create({ as, body: facts });
  if (status !== 204) throw new Error(`Not made: ${status}`);
  return { id: link.id, idHash, auth };
}

/** A frame as the server sees it: its payload means nothing to it. */
export function frame(n: number, { isLast = false, payload = `frame-${n}` } = {}): LiveFrame {
  return { n, isLast, payload };
}

/** Reads a stream of frames, a line at a time. */
export class LineReader {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private readonly decoder = new TextDecoder();
  private buffered = '';

  constructor(response: Response) {
    if (!response.body) throw new Error('The response has no body.');
    this.reader = response.body.getReader();
  }

  /** The next frame; `null` when the stream has ended. */
  async next(): Promise<LiveFrame | null> {
    for (;;) {
      const end = this.buffered.indexOf('\n');
      if (end < 0) {
        const { done, value } = await this.reader.read();
        if (done) return null;
        this.buffered += this.decoder.decode(value, { stream: true });
        continue;
      }
      const line = this.buffered.slice(0, end);
      this.buffered = this.buffered.slice(end + 1);
      if (line !== '') return JSON.parse(line) as LiveFrame; // made by our own route
    }
  }

  /** The numbers of the next frames. */
  async take(count: number): Promise<number[]> {
    const numbers: number[] = [];
    while (numbers.length < count) {
      const found = await this.next();
      if (found === null) throw new Error(`The stream ended after ${numbers.length} frames.`);
      numbers.push(found.n);
    }
    return numbers;
  }

  cancel(): Promise<void> {
    return this.reader.cancel();
  }
}
