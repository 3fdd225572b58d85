import {
  AppError,
  backoffMs,
  isAppError,
  onAbort,
  type RetryOptions,
  throwIfAborted,
  withTimeout,
} from '@/lib/core';

/** How long to wait for a hub, and how often to ask again. */
export interface Patience {
  /** Until an answer begins, in ms. */
  answerMs: number;
  /** Until the next byte of an answer, in ms. */
  stallMs: number;
  /** Failures in a row, none of which brought anything new, before giving up. */
  retries: number;
  /** Before the first retry, in ms; doubled for each further one. */
  backoffMs: number;
  /** The longest wait before a retry, in ms, whatever the hub asks for. */
  maxBackoffMs: number;
}

export const DEFAULT_PATIENCE: Patience = {
  answerMs: 30_000,
  stallMs: 30_000,
  retries: 5,
  backoffMs: 500,
  maxBackoffMs: 15_000,
};

/** An answer whose body may still be on its way. */
export interface Answer {
  response: Response;
  /** Ends the connection if it is still open; must be called once the answer has been used. */
  stop(): void;
}

export interface AskOptions {
  method?: 'GET' | 'HEAD';
  headers?: Record<string, string>;
  patience: Patience;
  signal: AbortSignal | undefined;
}

/** Statuses of transient failures. */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Asks once. Statuses 200, 206 and 416 are answers; all others are failures.
 * @throws OFFLINE, MODEL_DOWNLOAD_FAILED (`details`: status, isTransient, retryAfterMs), ABORTED
 */
export async function ask(url: string, options: AskOptions): Promise<Answer> {
  const { method = 'GET', headers = {}, patience, signal } = options;
  throwIfAborted(signal);
  const connection = new AbortController();
  const stopListening = onAbort(signal, () => connection.abort());
  const stop = () => {
    stopListening();
    connection.abort();
  };
  const asking = fetch(url, {
    method,
    headers,
    mode: 'cors',
    credentials: 'omit',
    // the file is stored in OPFS: a second copy in the HTTP cache is of no use
    cache: 'no-store',
    signal: connection.signal,
  });
  const late = () => unreachableHub(url, `no answer in ${patience.answerMs} ms`, null);
  try {
    const response = await withTimeout(asking, patience.answerMs, late);
    if (response.ok || response.status === 416) return { response, stop };
    throw refused(url, response);
  } catch (cause) {
    stop();
    throwIfAborted(signal);
    throw isAppError(cause) ? cause : unreachableHub(url, 'no connection', cause);
  }
}

/** Headers of a hub's answer that are read. */
const READ_HEADERS = ['link', 'etag', 'x-linked-etag', 'x-linked-size'] as const;

/** A small answer of a hub. */
export interface HubAnswer {
  /** Empty for HEAD. */
  text: string;
  headers: Record<(typeof READ_HEADERS)[number], string | null>;
}

/** Asks a hub once, for what fits into memory. Throws as `ask`. */
export type AskHub = (
  url: string,
  options: Pick<AskOptions, 'method' | 'patience' | 'signal'>,
) => Promise<HubAnswer>;

/** Asks from the current thread. The CSP keeps pages from reaching the hub, but not their download worker. */
export const askHub: AskHub = async (url, options) => {
  const { response, stop } = await ask(url, options);
  try {
    const late = () => unreachableHub(url, 'the answer stopped', null);
    const text =
      options.method === 'HEAD'
        ? ''
        : await withTimeout(response.text(), options.patience.stallMs, late);
    const entries = READ_HEADERS.map((name) => [name, response.headers.get(name)]);
    // `fromEntries` loses the names: they are those of `READ_HEADERS`
    return { text, headers: Object.fromEntries(entries) as HubAnswer['headers'] };
  } catch (error) {
    if (isAppError(error)) throw error;
    throwIfAborted(options.signal);
    throw unreachableHub(url, 'the connection broke', error);
  } finally {
    stop();
  }
};

/** Why there is no file in this answer. */
function refused(url: string, response: Response): AppError {
  const { status } = response;
  const reason =
    status === 401 || status === 403
      ? 'The hub does not give it to everyone.'
      : status === 404 || status === 410
        ? 'It is not there.'
        : `The hub answered ${status}.`;
  return new AppError('MODEL_DOWNLOAD_FAILED', `${url}: ${reason}`, {
    details: {
      status,
      isTransient: TRANSIENT.has(status),
      retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
    },
  });
}

/** A failure of the line, which may be over soon. */
export function unreachableHub(url: string, what: string, cause: unknown): AppError {
  const isOffline = globalThis.navigator?.onLine === false;
  return new AppError(isOffline ? 'OFFLINE' : 'MODEL_DOWNLOAD_FAILED', `${url}: ${what}.`, {
    cause,
    details: { isTransient: true },
  });
}

/** @param value seconds or a date, as HTTP has it. @returns ms from now, or `null` */
export function retryAfterMs(value: string | null, nowMs = Date.now()): number | null {
  if (value === null) return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

/** Whether asking again may help. */
export function isTransient(error: unknown): boolean {
  return isAppError(error) && error.details.isTransient === true;
}

/** How a step that asks a hub is tried again. */
export function hubRetries(patience: Patience, signal: AbortSignal | undefined): RetryOptions {
  const { retries, backoffMs: firstMs, maxBackoffMs: maxMs } = patience;
  return {
    attempts: retries + 1,
    isRetryable: isTransient,
    delayMs: (failures, error) => {
      const asked = isAppError(error) ? error.details.retryAfterMs : null;
      const own = backoffMs(failures, { firstMs, maxMs });
      return typeof asked === 'number' ? Math.min(maxMs, Math.max(asked, own)) : own;
    },
    signal,
  };
}
