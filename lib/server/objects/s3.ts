import 'server-only';
import { createHash } from 'node:crypto';
import { AppError } from '@/lib/core';
import { log, type S3Settings } from '@/lib/server/process';
import { checkedBody, readText } from './s3-body';
import { type S3Answer, S3Caller, type S3Request } from './s3-call';
import { partsOf, putParts, S3_PART_BYTES } from './s3-parts';
import { allowsOrigin, corsRule, isOurRule, notTheStore, parseListPage } from './s3-xml';
import { checkKey, type ListedObject, type ObjectStore, type StoredObject } from './store';

const MAX_LIST_BYTES = 4 * 1024 * 1024;
const MAX_RULES_BYTES = 256 * 1024;
const CORS_PATH = '?cors=';

/**
 * Objects in a bucket of any S3-compatible store. A bucket that does not exist is made by what would
 * be right with an empty one (`put`, `list`, `ping`); `get` and `delete` fail instead, so that a wrong
 * `S3_BUCKET` never looks like objects that are gone.
 */
export class S3Store implements ObjectStore {
  readonly #settings: S3Settings;
  readonly #caller: S3Caller;

  constructor(settings: S3Settings) {
    this.#settings = settings;
    this.#caller = new S3Caller(settings);
  }

  async put(...[key, body, options]: Parameters<ObjectStore['put']>): Promise<void> {
    const answer = await this.#callWithBucket({
      method: 'PUT',
      path: this.#path(key),
      headers: { 'content-type': options?.mediaType ?? 'application/octet-stream' },
      body,
      signal: options?.signal,
    });
    answer.end();
    // OpenStack Swift names none when a write of this key that began later has been done
    const isOvertaken = answer.headers.has('x-openstack-request-id');
    if (!answer.headers.has('etag') && !isOvertaken)
      throw notTheStore('to an upload without an ETag');
  }

  /** What fits into one part is put in one call. */
  async putStream(...[key, source, options]: Parameters<ObjectStore['putStream']>): Promise<void> {
    const parts = partsOf(source);
    const first = await parts.next();
    const body = first.value ?? new Uint8Array();
    if (body.length < S3_PART_BYTES) return this.put(key, body, options);
    const all = async function* () {
      yield body;
      yield* parts;
    };
    await putParts(
      (request) => this.#callWithBucket(request),
      this.#path(key),
      options?.mediaType ?? 'application/octet-stream',
      all(),
      options?.signal,
    );
  }

  async get(...[key, options]: Parameters<ObjectStore['get']>): Promise<StoredObject | null> {
    const signal = options?.signal;
    const answer = await this.#caller.call({ method: 'GET', path: this.#path(key), signal });
    if (answer.code === 'NoSuchKey') return null;
    if (answer.code !== null) throw this.#refused(answer);
    const length = answer.headers.get('content-length') ?? '';
    if (!answer.headers.has('etag') || !/^\d+$/.test(length) || !answer.body) {
      answer.end();
      throw notTheStore('with something that is no object');
    }
    const sizeBytes = Number(length);
    return { body: checkedBody(answer.body, sizeBytes, signal, answer.end), sizeBytes };
  }

  async delete(...[key, options]: Parameters<ObjectStore['delete']>): Promise<void> {
    const answer = await this.#caller.call({
      method: 'DELETE',
      path: this.#path(key),
      signal: options?.signal,
    });
    answer.end();
    if (answer.code !== null && answer.code !== 'NoSuchKey') throw this.#refused(answer);
  }

  async uploadAddress(...[key, facts]: Parameters<ObjectStore['uploadAddress']>) {
    const { publicEndpoint } = this.#settings;
    if (publicEndpoint === null) return null;
    const headers = {
      'content-type': 'application/octet-stream',
      // the store hashes what comes, and refuses anything else
      'x-amz-content-sha256': facts.sha256,
    };
    const url = await this.#caller.presign(
      publicEndpoint,
      'PUT',
      this.#path(key),
      facts.lifetimeS,
      // browsers send the length by themselves, and let no page say another one
      { headers: { ...headers, 'content-length': String(facts.sizeBytes) } },
    );
    return { url, headers };
  }

  /**
   * Lets pages of an origin get and put objects by signed addresses, unless the bucket has rules already.
   * @returns `false`: it has rules of somebody else, and none of them names this origin
   */
  async allowBrowsers(origin: string, signal: AbortSignal): Promise<boolean> {
    const found = await this.#callWithBucket({ method: 'GET', path: CORS_PATH, signal });
    if (found.code === null) {
      const rules = await readText(found.body, MAX_RULES_BYTES, signal);
      found.end();
      if (allowsOrigin(rules, origin)) return true;
      if (!isOurRule(rules)) return false;
    }
    const body = new TextEncoder().encode(corsRule(origin));
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    const set = await this.#callWithBucket({
      method: 'PUT',
      path: CORS_PATH,
      headers,
      body,
      signal,
    });
    set.end();
    log('info', 'objects.browsers_allowed', { origin });
    return true;
  }

  async *list(...[prefix, options]: Parameters<ObjectStore['list']>): AsyncGenerator<ListedObject> {
    const base = this.#settings.prefix;
    let next: string | null = null;
    do {
      const page = await this.#listPage(base + prefix, next, 1_000, options?.signal);
      for (const found of page.objects)
        if (found.key.startsWith(base)) yield withoutETag(found, base);
      next = page.next;
    } while (next !== null);
  }

  async ping(signal: AbortSignal): Promise<void> {
    await this.#listPage(this.#settings.prefix, null, 1, signal);
  }

  #path(key: string): string {
    checkKey(key);
    // the characters of keys and of the prefix stand for themselves in an address
    return `/${this.#settings.prefix}${key}`;
  }

  async #listPage(
    prefix: string,
    next: string | null,
    max: number,
    signal: AbortSignal | undefined,
  ) {
    const query = new URLSearchParams({ 'list-type': '2', prefix, 'max-keys': String(max) });
    if (next !== null) query.set('continuation-token', next);
    const answer = await this.#callWithBucket({ method: 'GET', path: `?${query}`, signal });
    try {
      return parseListPage(await readText(answer.body, MAX_LIST_BYTES, signal));
    } finally {
      answer.end();
    }
  }

  /** Makes the bucket when it is missing, once: a store that has not noticed it by then fails. */
  async #callWithBucket(request: S3Request): Promise<S3Answer> {
    const answer = await this.#caller.call(request);
    if (answer.code === null || /^NoSuch(Upload|CORSConfiguration)$/.test(answer.code))
      return answer;
    if (answer.code !== 'NoSuchBucket') throw this.#refused(answer);
    await this.#makeBucket(request.signal);
    const again = await this.#caller.call(request);
    if (again.code !== null && again.code !== 'NoSuchCORSConfiguration') throw this.#refused(again);
    return again;
  }

  async #makeBucket(signal: AbortSignal | undefined): Promise<void> {
    const { region, bucket } = this.#settings;
    // the first region of all is the one that must not be named
    const place = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
    const made = await this.#caller.call({
      method: 'PUT',
      path: '',
      ...(region !== 'us-east-1' && { body: new TextEncoder().encode(place) }),
      signal,
    });
    made.end();
    // another instance was faster
    const isThere =
      made.code === null || /^Bucket(AlreadyOwnedByYou|AlreadyExists)$/.test(made.code);
    if (!isThere) throw this.#refused(made);
    log('warn', 'objects.bucket_made', { bucket });
  }

  #refused({ status, code }: S3Answer): AppError {
    const { bucket } = this.#settings;
    // 409 with another code: the store is in the middle of something else
    return new AppError(
      status === 409 ? 'SERVER_BUSY' : 'UNKNOWN',
      code === 'NoSuchBucket'
        ? `The bucket ${bucket} (S3_BUCKET) does not exist.`
        : `The object store refused a call (${status} ${code}).`,
      { details: { status, storeCode: code } },
    );
  }
}

function withoutETag({ key, sizeBytes, modifiedAt }: ListedObject, base: string): ListedObject {
  return { key: key.slice(base.length), sizeBytes, modifiedAt };
}
