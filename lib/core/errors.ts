/** Every failure the app can name: stage, then problem. The user's sentence for each is in `app`. */
export const ERROR_CODES = [
  'SOURCE_EMPTY',
  'SOURCE_UNREADABLE',
  'SOURCE_GONE',
  'MIC_DENIED',
  'MIC_NOT_FOUND',
  'MIC_BUSY',
  'DISPLAY_NO_AUDIO',
  'CAPTURE_UNSUPPORTED',
  'DECODE_UNSUPPORTED',
  'DECODE_NO_AUDIO',
  'DECODE_EMPTY',
  'DECODE_INCOMPLETE',
  'DECODE_FAILED',
  'SEGMENT_FAILED',
  'DIARISE_FAILED',
  'NO_SPEECH',
  'MODEL_DOWNLOAD_FAILED',
  'MODEL_HASH_MISMATCH',
  'MODEL_UNSUPPORTED',
  'MODEL_NOT_INSTALLED',
  'BACKEND_UNAVAILABLE',
  'GPU_DEVICE_LOST',
  'OUT_OF_MEMORY',
  'RECOGNISE_FAILED',
  'WORKER_CRASHED',
  'ABORTED',
  'STORE_QUOTA',
  'STORE_BLOCKED',
  'STORE_CORRUPT',
  'STORE_FAILED',
  'PRIVATE_SESSION',
  'RECORDING_UNDER_WAY',
  'COPY_UNDER_WAY',
  'SHARE_LINK_INVALID',
  'SHARE_DECRYPT_FAILED',
  'SHARE_TOO_NEW',
  'SHARE_TOO_LARGE',
  'INBOX_KEY_MISSING',
  'INBOX_DECRYPT_FAILED',
  'SYNC_CONFLICT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_REQUEST',
  'TOO_LARGE',
  'RATE_LIMITED',
  'SERVER_BUSY',
  'CONNECTION_SLOW',
  'OFFLINE',
  'UNKNOWN',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface AppErrorOptions {
  cause?: unknown;
  /** Small structured facts for the log and for the report a user can copy. */
  details?: Record<string, string | number | boolean | null>;
  /** The worker or device that raised it can no longer be used. */
  fatal?: boolean;
}

/**
 * The one error class. `code` is what programs and the user's sentence go by; `message` is for
 * logs and says what, which and with which value.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Record<string, string | number | boolean | null>;
  readonly fatal: boolean;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.fatal = options.fatal ?? false;
  }
}

/** True for an `AppError`, also for one made in another realm (where `instanceof` fails). */
export function isAppError(value: unknown): value is AppError {
  return value instanceof Error && value.name === 'AppError' && 'code' in value;
}

/** True for our own aborts and for those of the platform (`AbortError`). */
export function isAbort(value: unknown): boolean {
  if (isAppError(value)) return value.code === 'ABORTED';
  return value instanceof DOMException && value.name === 'AbortError';
}

/**
 * Turns anything thrown into an `AppError`. Called once per boundary: worker entry, job, route.
 * @param fallback the code for what carries none of its own
 */
export function toAppError(value: unknown, fallback: ErrorCode = 'UNKNOWN'): AppError {
  if (isAppError(value)) return value;
  if (isAbort(value))
    return new AppError('ABORTED', 'The operation was aborted.', { cause: value });
  const message = value instanceof Error ? `${value.name}: ${value.message}` : String(value);
  if (value instanceof Error) {
    // names given by the platform, the same in every browser
    if (value.name === 'QuotaExceededError')
      return new AppError('STORE_QUOTA', message, { cause: value });
    if (value instanceof RangeError && /allocation failed|out of memory/i.test(value.message))
      return new AppError('OUT_OF_MEMORY', message, { cause: value, fatal: true });
  }
  return new AppError(fallback, message, { cause: value });
}

/** Throws when a programmer's promise is broken; never for bad input from outside. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Assertion failed: ${message}`);
}

/** Ends an exhaustive `switch`: a new case that is not handled fails to compile. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable value: ${JSON.stringify(value)}`);
}
