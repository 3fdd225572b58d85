import 'server-only';
import { DrizzleError, DrizzleQueryError } from 'drizzle-orm';
import { AppError, isAppError } from '@/lib/core';

/** Errors of the socket, of the pool and of the driver's own clocks; they carry no SQLSTATE. */
const CONNECTION_LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (has encountered|was closed)|Cannot use a pool)/;

/** SQLSTATE classes that pass: connection, resources, operator intervention; and lost races for locks. */
const PASSING_STATE = /^(08|53|57|58)|^(40001|40P01|55P03|55000|25P03)$/;

/** Characters that PostgreSQL does not take: NUL, halves of others. What is asked for is at fault. */
const NO_TEXT = /^(22021|22P05)$/;

/** What an error and the errors behind it are, outermost first. */
function chain(error: unknown): Error[] {
  const errors: Error[] = [];
  for (let at = error; at instanceof Error && errors.length < 8; at = at.cause) errors.push(at);
  return errors;
}

function text(error: Error, name: 'code' | 'constraint'): string | null {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : null;
}

/** The five characters by which PostgreSQL names an error, or `null`. */
export function sqlState(error: unknown): string | null {
  const found = chain(error).find((at) => /^[0-9A-Z]{5}$/.test(text(at, 'code') ?? ''));
  return found ? text(found, 'code') : null;
}

/** True when a row was refused because another one has its key (in `constraint`, when that is given). */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return chain(error).some(
    (at) =>
      text(at, 'code') === '23505' &&
      (constraint === undefined || text(at, 'constraint') === constraint),
  );
}

/** True when the connection that gave this error is of no more use. */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null) return /^(08|57P)/.test(state) || state === '25P03';
  return chain(error).some(
    (at) => CONNECTION_LOST.test(at.message) || /^E[A-Z_]{4,}$/.test(text(at, 'code') ?? ''),
  );
}

/** True for what the driver or Drizzle threw, false for what the caller's own code did. */
export function isDatabaseFailure(error: unknown): boolean {
  const ofDrizzle = chain(error).some(
    (at) => at instanceof DrizzleQueryError || at instanceof DrizzleError,
  );
  return ofDrizzle || sqlState(error) !== null || isConnectionLost(error);
}

/**
 * Names a failure of the database. Drizzle's own message holds the statement's values, so that it
 * is dropped: logs get the state and the constraint.
 * @returns SERVER_BUSY for what passes by itself, else UNKNOWN; an `AppError` stays what it is
 */
export function databaseError(error: unknown): AppError {
  const [first] = chain(error);
  const named = chain(error).find(isAppError);
  if (named) return named;
  const state = sqlState(error);
  const cause = chain(error).at(-1) ?? first ?? error;
  if (state !== null && NO_TEXT.test(state))
    return new AppError('BAD_REQUEST', 'This holds characters that no text has.', { cause });
  if (isConnectionLost(error) || (state !== null && PASSING_STATE.test(state)))
    return new AppError('SERVER_BUSY', 'The database does not answer at the moment.', {
      cause,
      details: { state },
    });
  const constraint = chain(error)
    .map((at) => text(at, 'constraint'))
    .find((name) => name !== null);
  return new AppError(
    'UNKNOWN',
    state === null ? 'The database failed.' : `The database refused a statement (${state}).`,
    { cause, details: { state, constraint: constraint ?? null } },
  );
}

/** What is wrong where PostgreSQL refuses to be opened, by its SQLSTATE. */
const REFUSALS: Readonly<Record<string, string>> = {
  '28P01': 'refuses its password',
  '28000': 'refuses its user',
  '3D000': 'has no database of that name',
  '42501': 'does not let its user change tables',
};

/** Why a database cannot be used, as a sentence for the operator. It contains no value. */
export function databaseSentence(error: unknown): string {
  const own = chain(error).find(isAppError);
  const state = sqlState(error);
  if (state !== null && REFUSALS[state])
    return `The server at DATABASE_URL ${REFUSALS[state]} (${state}).`;
  // what the embedded one is in use by, and what else our own errors say
  if (own && own.code !== 'UNKNOWN' && !isConnectionLost(error)) return own.message;
  const code = chain(error)
    .map((at) => text(at, 'code'))
    .find((name) => name !== null && name !== own?.code);
  return `The database does not answer${code ? ` (${code})` : ''}.`;
}
