import type { z } from 'zod';
import { type LeasedJob, workApi } from '@/lib/contracts';
import { AppError, backoffMs, isAppError, newId, retry } from '@/lib/core';
import { RangedBlob } from '@/lib/engine/audio';

/** An answer takes this long at most, beside the time that is waited for a job. */
const TIMEOUT_MS = 30_000;
const ATTEMPTS = 6;
const BACKOFF = { firstMs: 500, maxMs: 10_000 } as const;
/** A recording is read by pieces of this size, some of which are kept. */
const PIECE_BYTES = 1 << 20;
const KEPT_PIECES = 8;

type Body<K extends keyof typeof workApi> = (typeof workApi)[K] extends {
  body: infer B extends z.ZodType;
}
  ? z.input<B>
  : never;

/** Calls of a worker to the app, repeated while what goes wrong may pass. */
export class AppClient {
  readonly #url: string;
  readonly #token: string;
  readonly #workerId = newId();
  readonly #workerName: string;
  readonly #onAnswer: () => void;

  /**
   * @param url of the app, without a last slash
   * @param workerName for people
   * @param onAnswer is called whenever the app did what it was asked
   */
  constructor(
    url: string,
    token: string,
    workerName: string,
    onAnswer: () => void = () => undefined,
  ) {
    this.#url = url;
    this.#token = token;
    this.#workerName = workerName;
    this.#onAnswer = onAnswer;
  }

  /** The next job, or `null` when none came in time. */
  async lease(waitMs: number, signal: AbortSignal): Promise<LeasedJob | null> {
    const body = { workerId: this.#workerId, workerName: this.#workerName, waitMs };
    const answer = await this.#post(workApi.lease.path, body, signal);
    return workApi.lease.answer.parse(await answer.json()).job;
  }

  /** @throws SYNC_CONFLICT: the lease is over */
  async extend({ id, lease }: LeasedJob, signal: AbortSignal): Promise<void> {
    await this.#post(`/api/work/${id}/extend`, { lease }, signal);
  }

  /** @throws SYNC_CONFLICT: the lease is over */
  async storeBatch(
    { id, lease }: LeasedJob,
    batch: Omit<Body<'batch'>, 'lease'>,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#post(`/api/work/${id}/batches`, { lease, ...batch }, signal);
  }

  /** @throws SYNC_CONFLICT: the lease is over */
  async finish(
    { id, lease }: LeasedJob,
    result: Body<'finish'>['result'],
    signal: AbortSignal,
  ): Promise<void> {
    await this.#post(`/api/work/${id}/finish`, { lease, result }, signal);
  }

  /** @throws SYNC_CONFLICT: the lease is over */
  async fail(
    { id, lease }: LeasedJob,
    { code, message }: AppError,
    isFinal: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const body = { lease, code, message: message.slice(0, 500), isFinal };
    await this.#post(`/api/work/${id}/fail`, body, signal);
  }

  /** The recording of a job; bytes are fetched when they are read. */
  source({ id, lease, sizeBytes }: LeasedJob, signal: AbortSignal): Blob {
    const pieces = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();
    const piece = (index: number) => {
      const kept = pieces.get(index);
      const start = index * PIECE_BYTES;
      const end = Math.min(start + PIECE_BYTES, sizeBytes);
      const found =
        kept ?? this.#range(`/api/work/${id}/source?lease=${lease}`, start, end, signal);
      // the one that was used last is dropped last
      pieces.delete(index);
      pieces.set(index, found);
      found.catch(() => pieces.delete(index));
      const [oldest] = pieces.keys();
      if (pieces.size > KEPT_PIECES && oldest !== undefined) pieces.delete(oldest);
      return found;
    };
    return new RangedBlob(sizeBytes, async (start, end) => {
      const bytes = new Uint8Array(end - start);
      for (let at = start; at < end; ) {
        const index = Math.floor(at / PIECE_BYTES);
        const from = await piece(index);
        const part = from.subarray(at - index * PIECE_BYTES, end - index * PIECE_BYTES);
        bytes.set(part, at - start);
        at += part.length;
      }
      return bytes;
    });
  }

  async #range(path: string, start: number, end: number, signal: AbortSignal) {
    return this.#repeated(signal, async () => {
      const headers = { range: `bytes=${start}-${end - 1}` };
      const answer = await this.#call(path, { method: 'GET', headers }, signal);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (bytes.length !== end - start)
        throw new AppError('SERVER_BUSY', 'The app sent another range of the recording.');
      return bytes;
    });
  }

  #post(path: string, body: object, signal: AbortSignal): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return this.#repeated(signal, () =>
      this.#call(path, { method: 'POST', headers, body: JSON.stringify(body) }, signal),
    );
  }

  #repeated<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    return retry(act, {
      attempts: ATTEMPTS,
      delayMs: (failures) => backoffMs(failures, BACKOFF),
      isRetryable: (error) => isAppError(error) && error.code === 'SERVER_BUSY',
      signal,
    });
  }

  async #call(path: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(this.#url + path, {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${this.#token}` },
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
    } catch (cause) {
      if (signal.aborted) throw new AppError('ABORTED', 'The worker stops.', { cause });
      throw new AppError('SERVER_BUSY', `The app cannot be reached at ${this.#url}.`, { cause });
    }
    if (answer.ok) {
      this.#onAnswer();
      return answer;
    }
    const text = await answer.text();
    if (answer.status === 409) throw new AppError('SYNC_CONFLICT', 'The lease is over.');
    const isPassing = answer.status >= 500 || answer.status === 429 || answer.status === 408;
    throw new AppError(
      isPassing ? 'SERVER_BUSY' : answer.status === 404 ? 'NOT_FOUND' : 'BAD_REQUEST',
      `The app answered ${answer.status}: ${text.slice(0, 200)}`,
    );
  }
}
