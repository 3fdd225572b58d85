import 'server-only';
import { createHash } from 'node:crypto';
import { AwsClient, AwsV4Signer } from 'aws4fetch';
import {
  AppError,
  abortError,
  backoffMs,
  isAppError,
  onAbort,
  retry,
  throwIfAborted,
  withTimeout,
} from '@/lib/core';
import type { S3Settings } from '@/lib/server/process';
import { readText } from './s3-body';
import { failureCode, notTheStore } from './s3-xml';

/** How long the store may take to begin its answer. */
const ANSWER_TIMEOUT_MS = 5_000;
/** Slower uploads than this are given up. */
const MIN_UPLOAD_BYTES_PER_SECOND = 128 * 1024;
/** All our calls may be repeated: each puts, gets or deletes one whole object. */
const ATTEMPTS = 3;
const BACKOFF = { firstMs: 300, maxMs: 1_500 } as const;
/** No attempt begins later: routes give up after 15 s, and the user is to learn why. */
const LAST_BEGIN_MS = 8_000;
/** Errors and pages of lists are smaller. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

export interface S3Request {
  /** `POST` only for uploads in parts. */
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Behind the bucket, with a slash before it: `/key`, `?list-type=2`, or empty for the bucket. */
  path: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
  signal?: AbortSignal | undefined;
}

/** An answer of the store itself. */
export interface S3Answer {
  status: number;
  headers: Headers;
  /** What the store calls its failure; `null` for a success. */
  code: string | null;
  body: ReadableStream<Uint8Array> | null;
  /** To be called when the body is not wanted any more; it may be called several times. */
  end(): void;
}

/** Signed calls to one bucket, with limits on time, repeated when what went wrong may pass. */
export class S3Caller {
  readonly #client: AwsClient;
  readonly #keys: Readonly<
    Record<'accessKeyId' | 'secretAccessKey' | 'region' | 'service', string>
  >;
  readonly #bucket: string;
  readonly #bucketUrl: string;

  constructor(settings: S3Settings) {
    const { accessKeyId, secretAccessKey, region } = settings;
    this.#keys = { accessKeyId, secretAccessKey, region, service: 's3' };
    this.#client = new AwsClient(this.#keys);
    this.#bucket = settings.bucket;
    this.#bucketUrl = `${settings.endpoint}/${settings.bucket}`;
  }

  /**
   * @returns a success, or one of the failures that callers distinguish: `NoSuchKey`, `NoSuchBucket`,
   * `NoSuchUpload`, `NoSuchCORSConfiguration`, `InvalidRange` and those with status 409
   * @throws SERVER_BUSY, ABORTED, or UNKNOWN when the store refuses us
   */
  async call(request: S3Request): Promise<S3Answer> {
    const startMs = performance.now();
    return retry(() => this.#attempt(request), {
      attempts: ATTEMPTS,
      // spread out, so that many callers do not come back all at once
      delayMs: (failures) => backoffMs(failures, BACKOFF) * Math.random(),
      isRetryable: (error) =>
        isAppError(error) &&
        error.code === 'SERVER_BUSY' &&
        performance.now() - startMs <= LAST_BEGIN_MS,
      signal: request.signal,
    });
  }

  /**
   * A signed address that lets anyone who has it do one thing with an object for a while.
   * @param endpoint as browsers reach the store
   * @param more what is added to the address, and the headers that have to come with it: both are signed
   */
  async presign(
    endpoint: string,
    method: 'GET' | 'PUT',
    path: string,
    lifetimeS: number,
    more: { query?: Record<string, string>; headers?: Record<string, string> },
  ): Promise<string> {
    const url = new URL(`${endpoint}/${this.#bucket}${path}`);
    const all = { ...more.query, 'X-Amz-Expires': String(lifetimeS) };
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
    const signer = new AwsV4Signer({
      ...this.#keys,
      method,
      url: url.href,
      headers: more.headers ?? {},
      signQuery: true,
      allHeaders: true,
    });
    return (await signer.sign()).url.href;
  }

  async #attempt(request: S3Request): Promise<S3Answer> {
    const { signal } = request;
    throwIfAborted(signal);
    const controller = new AbortController();
    const unfollow = onAbort(signal, () => controller.abort());
    const limitMs =
      ANSWER_TIMEOUT_MS + ((request.body?.length ?? 0) / MIN_UPLOAD_BYTES_PER_SECOND) * 1_000;
    const late = () =>
      new AppError('SERVER_BUSY', `The object store did not answer in ${Math.round(limitMs)} ms.`);
    const end = () => {
      unfollow();
      controller.abort();
    };
    try {
      const { url, headers } = await this.#sign(request);
      // in parts: Next's own `fetch` makes a stream of a Request's body, which then has no length
      const asking = fetch(url, {
        method: request.method,
        headers,
        ...bodyOf(request),
        signal: controller.signal,
        redirect: 'manual',
        // nor may it keep an answer
        cache: 'no-store',
      });
      const response = await withTimeout(asking, limitMs, late);
      return await answerOf(response, request, end);
    } catch (error) {
      end();
      if (signal?.aborted) throw abortError(signal);
      if (isAppError(error)) throw error;
      throw new AppError('SERVER_BUSY', 'The object store cannot be reached.', { cause: error });
    }
  }

  #sign(request: S3Request): Promise<Request> {
    const { method, path, headers, body } = request;
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    return this.#client.sign(this.#bucketUrl + path, {
      method,
      headers: {
        ...headers,
        'x-amz-content-sha256': hash,
        // bytes as they are stored: lengths are compared. With a range `fetch` adds it, after the signature
        ...(headers?.range === undefined && { 'accept-encoding': 'identity' }),
      },
      ...bodyOf(request),
    });
  }
}

function bodyOf({ body }: S3Request): { body?: Uint8Array<ArrayBuffer> } {
  // no body lies in shared memory
  return body ? { body: body as Uint8Array<ArrayBuffer> } : {};
}

async function answerOf(
  response: Response,
  { method, headers: asked, signal }: S3Request,
  end: () => void,
): Promise<S3Answer> {
  const { status, headers, body } = response;
  if (response.ok) {
    // every object store answers like this; a network's sign-in page, which answers 200 to all, does not
    const expected = method === 'DELETE' ? 204 : asked?.range === undefined ? 200 : 206;
    const isExpected = status === expected;
    if (!isExpected) throw notTheStore(`with status ${status}`, { status });
    return { status, headers, code: null, body, end };
  }
  if (status >= 300 && status < 400)
    throw notTheStore('with a redirection; S3_ENDPOINT or S3_REGION may be wrong', { status });
  const text = await readText(body, MAX_TEXT_BYTES, signal);
  const code = failureCode(text);
  end();
  const isTold =
    /^(NoSuch(Key|Bucket|Upload|CORSConfiguration)|InvalidRange)$/.test(code ?? '') ||
    (status === 409 && code !== null);
  if (isTold) return { status, headers, code, body: null, end };
  throw failure(status, code);
}

function failure(status: number, code: string | null): AppError {
  const details = { status, storeCode: code };
  const isPassing =
    status >= 500 ||
    status === 408 ||
    status === 429 ||
    code === 'RequestTimeout' ||
    code === 'SlowDown';
  if (isPassing)
    return new AppError(
      'SERVER_BUSY',
      `The object store failed (${status} ${code ?? 'without a reason'}).`,
      {
        details,
      },
    );
  if (code === null) return notTheStore(`with status ${status}`, details);
  if (code === 'RequestTimeTooSkewed')
    return new AppError(
      'UNKNOWN',
      'The clocks of this machine and of the object store differ too much.',
      {
        details,
      },
    );
  const isDenied = status === 401 || status === 403;
  return new AppError(
    'UNKNOWN',
    isDenied
      ? `The object store does not let us in (${code}): S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY or the rights of that key are wrong.`
      : `The object store refused a call (${status} ${code}).`,
    { details },
  );
}
