import 'server-only';
import { AppError } from '@/lib/core';
import { serverEnv } from '@/lib/server/process';

/**
 * Refuses a write that another site made this browser send. `Sec-Fetch-Site` is written by the
 * browser and cannot be forged by a page; browsers leave it out over plain http, where `Origin` has
 * to name this app. A client that sends neither is no browser: it may write as long as it brings no
 * cookie that a browser could have added.
 * @throws FORBIDDEN
 */
export function checkOrigin({ headers }: Request): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site === 'same-origin' || site === 'none') return;
  if (site === null && origin === null && headers.get('cookie') === null) return;
  if (site === null && origin !== null && isOurs(origin, headers.get('host'))) return;
  throw new AppError('FORBIDDEN', 'This was sent by another site.');
}

/** @param host what the browser asked for; the public address may lie before a proxy */
function isOurs(origin: string, host: string | null): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.origin === new URL(serverEnv().publicUrl).origin || url.host === host;
}
