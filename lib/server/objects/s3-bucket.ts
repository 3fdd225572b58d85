import 'server-only';
import { AppError } from '@/lib/core';
import type { S3Settings } from '@/lib/server/process';
import { checkedBody, readText } from './s3-body';
import { S3Caller } from './s3-call';
import { notTheStore, parseListPage } from './s3-xml';

const MAX_LIST_BYTES = 4 * 1024 * 1024;

/** A part of an object, and what is known of the whole. */
export interface ObjectPart {
  body: ReadableStream<Uint8Array>;
  etag: string;
  /** Of the whole object. */
  sizeBytes: number;
}

/** Objects that others put into our bucket, under keys of any form. Read only. */
export class S3Bucket {
  readonly #caller: S3Caller;
  readonly #publicEndpoint: string | null;

  constructor(settings: S3Settings) {
    this.#caller = new S3Caller(settings);
    this.#publicEndpoint = settings.publicEndpoint;
  }

  /**
   * An address at which a browser may get an object for a while, as a file of this name.
   * @returns `null`: browsers do not reach the store
   */
  async presign(key: string, fileName: string, lifetimeS: number): Promise<string | null> {
    if (this.#publicEndpoint === null) return null;
    const name = encodeURIComponent(fileName).replace(/['()*]/g, '_');
    return this.#caller.presign(this.#publicEndpoint, 'GET', pathOf(key), lifetimeS, {
      query: {
        // whatever it is: nothing of it is shown as a page
        'response-content-disposition': `attachment; filename*=UTF-8''${name}`,
        'response-content-type': 'application/octet-stream',
      },
    });
  }

  /** Every object whose key begins with `prefix`; none in a bucket that does not exist yet. */
  async *list(prefix: string, signal?: AbortSignal) {
    let next: string | null = null;
    do {
      const query = new URLSearchParams({ 'list-type': '2', prefix });
      if (next !== null) query.set('continuation-token', next);
      const answer = await this.#caller.call({ method: 'GET', path: `?${query}`, signal });
      if (answer.code === 'NoSuchBucket') return;
      if (answer.code !== null) throw refused(answer.code);
      try {
        const page = parseListPage(await readText(answer.body, MAX_LIST_BYTES, signal));
        yield* page.objects;
        next = page.next;
      } finally {
        answer.end();
      }
    } while (next !== null);
  }

  /**
   * Bytes of an object.
   * @returns `null` only when the store itself says that there is no such object, or none of these bytes
   */
  async read(
    key: string,
    { start, end }: { start: number; end: number },
    signal?: AbortSignal,
  ): Promise<ObjectPart | null> {
    const answer = await this.#caller.call({
      method: 'GET',
      path: pathOf(key),
      headers: { range: `bytes=${start}-${end - 1}` },
      signal,
    });
    if (answer.code === 'NoSuchKey' || answer.code === 'InvalidRange') return null;
    if (answer.code !== null) throw refused(answer.code);
    const etag = answer.headers.get('etag')?.replaceAll('"', '');
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.headers.get('content-range') ?? '');
    if (!etag || !range || !answer.body) {
      answer.end();
      throw notTheStore('with something that is no part of an object');
    }
    const [first, last, sizeBytes] = range.slice(1).map(Number) as [number, number, number];
    const body = checkedBody(answer.body, last - first + 1, signal, answer.end);
    return { body, etag, sizeBytes };
  }
}

/** Whether an address can say this key: parts that are dots are taken for steps, which lead to other objects. */
export function hasAddress(key: string): boolean {
  return !key.split('/').some((part) => part === '.' || part === '..');
}

/** @throws BAD_REQUEST: no address can say it */
function pathOf(key: string): string {
  if (!hasAddress(key)) throw new AppError('BAD_REQUEST', 'This key cannot be asked for.');
  return `/${key.split('/').map(encodeURIComponent).join('/')}`;
}

const refused = (code: string) =>
  new AppError('UNKNOWN', `The object store refused a call (${code}).`, {
    details: { storeCode: code },
  });
