import { AppError, ERROR_CODES, type ErrorCode, toAppError } from '@/lib/core';

/** An error as it crosses a port: structured clone would drop an `AppError`'s fields. */
export interface WireError {
  code: ErrorCode;
  message: string;
  details: Record<string, string | number | boolean | null>;
  fatal: boolean;
  cause?: { name: string; message: string; stack: string | null };
}

/** Makes anything thrown fit to be posted. */
export function toWireError(value: unknown): WireError {
  const error = toAppError(value);
  const wire: WireError = {
    code: error.code,
    message: error.message,
    details: error.details,
    fatal: error.fatal,
  };
  if (error.cause instanceof Error) {
    const { name, message, stack } = error.cause;
    wire.cause = { name, message, stack: stack ?? null };
  }
  return wire;
}

/** Rebuilds the error at the caller. A code this build does not know becomes `UNKNOWN`. */
export function fromWireError(wire: WireError): AppError {
  const options: ConstructorParameters<typeof AppError>[2] = {
    details: wire.details,
    fatal: wire.fatal,
  };
  if (wire.cause) {
    const cause = new Error(wire.cause.message);
    cause.name = wire.cause.name;
    if (wire.cause.stack) cause.stack = wire.cause.stack;
    options.cause = cause;
  }
  return new AppError(
    ERROR_CODES.includes(wire.code) ? wire.code : 'UNKNOWN',
    wire.message,
    options,
  );
}
