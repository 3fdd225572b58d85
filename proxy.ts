import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { LANGUAGE_SCRIPT } from './app/_features/i18n/languages';
import { THEME_SCRIPT } from './app/_features/ui/theme';
import { isSharePath } from './lib/client/sharing/link';
import {
  contentSecurityPolicy,
  failedPageScripts,
  prerenderedScripts,
  type ScriptTrust,
  scriptHash,
  storeHosts,
} from './lib/server/http/page-policy';

const isDevelopment = process.env.NODE_ENV === 'development';

/** Answers for every share: mail programs may have made a path of what was behind the `#`. */
const SHARE_PAGE = '/s';

/** What a share's page sends beside what every page does: it is for anyone with its link, and no one else. */
const SHARE_HEADERS = {
  'x-robots-tag': 'noindex, nofollow',
  'cache-control': 'no-store',
};

/** Gives a page the policy that knows its scripts; the server adds what is the same for all answers. */
export function proxy(request: NextRequest): NextResponse {
  const { pathname } = request.nextUrl;
  const isShare = isSharePath(pathname);
  const trust = scriptTrust(isShare ? SHARE_PAGE : pathname);
  const policy = contentSecurityPolicy({
    trust,
    everywhere: [
      ...[THEME_SCRIPT, LANGUAGE_SCRIPT].map(scriptHash),
      ...(isDevelopment ? [] : failedPageScripts()),
    ],
    hosts: storeHosts(process.env.S3_PUBLIC_ENDPOINT),
    isDevelopment,
  });
  const headers = new Headers(request.headers);
  // Next takes the nonce for its own scripts from here
  if (trust.kind === 'nonce') headers.set('content-security-policy', policy);
  else headers.delete('content-security-policy');
  const response = isShare
    ? NextResponse.rewrite(new URL(SHARE_PAGE, request.url), { request: { headers } })
    : NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  // kept by browsers, but asked for again each time: a page belongs to one build and one environment
  response.headers.set('cache-control', 'private, no-cache');
  if (isShare)
    for (const [name, value] of Object.entries(SHARE_HEADERS)) response.headers.set(name, value);
  return response;
}

function scriptTrust(pathname: string): ScriptTrust {
  const hashes = isDevelopment ? null : prerenderedScripts(pathname);
  return hashes
    ? { kind: 'hashes', hashes }
    : { kind: 'nonce', nonce: randomBytes(16).toString('base64') };
}

/** Pages only: what routes and files need, the server adds (`lib/server/http/http-guard.ts`). */
export const config = {
  matcher: ['/((?!api(?:/|$)|_next/|(?:ffmpeg|hub|kernels|models|ort|resampler|vad)/|sw\\.js$).*)'],
};
