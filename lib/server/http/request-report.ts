import 'server-only';
import { isAppError } from '@/lib/core';
import { countRequest } from '@/lib/server/limits';
import { type LogFields, log } from '@/lib/server/process';

/** One answered request. */
export interface RequestReport {
  route: string;
  method: string;
  status: number;
  durationMs: number;
  requestId: string;
  /** What the route threw, if it did. */
  error: unknown;
}

const MAX_CAUSES = 5;
const MAX_FRAMES = 4;

/** Counts a request and writes its line: what was asked and how it went, never by whom or with what. */
export function report({ error, durationMs, ...facts }: RequestReport): void {
  countRequest(facts.route, facts.status, durationMs);
  const isFault = facts.status >= 500;
  log(isFault ? 'error' : 'info', 'request', {
    ...facts,
    durationMs: Math.round(durationMs),
    ...(isAppError(error) ? { code: error.code } : {}),
    ...(isFault && error !== undefined ? faultFacts(error) : {}),
  });
}

/**
 * Where a fault comes from. Messages of our own errors name no one's data; those of other libraries
 * may quote a statement, a body or an address with its password, and are left out.
 */
function faultFacts(error: unknown): LogFields {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < MAX_CAUSES; at = at.cause)
    causes.push(at);
  const frames = (causes.at(-1)?.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => line.trim());
  return {
    message: isAppError(error) ? error.message : null,
    causes: causes.map(nameOf).join(' < '),
    frames: frames.join(' < '),
  };
}

function nameOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}
