import 'server-only';
import { serverEnv } from '@/lib/server/process';
import { contentSecurityPolicy, hubHosts } from './page-policy';
import { failedPageScripts, notFoundScripts } from './prerendered';

/**
 * What every response carries, from wherever it comes: pages, files, routes, redirects and failures.
 * Cross-origin isolation gives pages SharedArrayBuffer, which ONNX Runtime needs for threads and the
 * ffmpeg decoder for back-pressure. Everything the app loads is its own, so nothing breaks.
 */
const EVERYWHERE: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  // for browsers that do not know `frame-ancestors`
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  // the app records from a microphone and from tabs; nothing else of the device is its business
  'permissions-policy':
    'microphone=(self), display-capture=(self), camera=(), geolocation=(), payment=(), usb=(), serial=(), hid=(self), midi=(), browsing-topics=()',
};

/** Half a year, as long as sites commonly promise to stay on https. */
const HSTS = 'max-age=15552000';

/** For what is not a document: a browser that is made to open it as a page gets an empty one. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox";

/**
 * For files: a worker is bound by the policy of its script, and reaches this server alone. Scripts may be
 * compiled (`unsafe-eval` covers WebAssembly), but only ours are loaded.
 * @param hosts others that may be asked, as sources of `connect-src`
 */
function filePolicy(hosts: readonly string[] = []): string {
  return [
    "default-src 'self'",
    "script-src 'self' blob: 'unsafe-eval'",
    ["connect-src 'self' blob: data:", ...hosts].join(' '),
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Where files lie that run in workers. */
const FILES = /^\/(_next\/static|ffmpeg|hub|kernels|models|ort|resampler|vad)\/|^\/sw\.js$/;

/** The script of the worker that fetches models: the only one that may reach the hub. */
const DOWNLOAD_WORKER = '/hub/download.js';

/** What the development server's own answers may not do; pages bring a policy of their own. */
const DEVELOPMENT = "object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** What an answer is, as far as its policy depends on it. */
export interface AnswerFacts {
  /** Of the request, with or without a query. */
  url: string;
  /** The type of what is answered; empty: there is none. */
  mediaType: string;
}

/** Pages that no request is rendered for: what stands in where there is none, or where one failed. */
function standInPolicy(): string {
  // the development server renders everything again, and has no build to read
  if (process.env.NODE_ENV === 'development') return DEVELOPMENT;
  return contentSecurityPolicy({
    trust: { kind: 'hashes', hashes: notFoundScripts() },
    everywhere: failedPageScripts(),
    isDevelopment: false,
  });
}

function contentPolicy({ url, mediaType }: AnswerFacts): string {
  const path = url.replace(/\?.*$/s, '');
  if (/^text\/html\b/i.test(mediaType) && !path.startsWith('/api/')) return standInPolicy();
  // the same whether the browser has the file already (304) or not: it keeps the newest headers
  if (path === DOWNLOAD_WORKER) return filePolicy(hubHosts(process.env.MODEL_HUB));
  return FILES.test(path) ? filePolicy() : NOTHING;
}

/**
 * The headers of an answer that are not its own business. Pages bring a content policy of their own,
 * which knows their scripts (`proxy.ts`): what an answer has of these, it keeps.
 */
export function answerPolicy(facts: AnswerFacts): Readonly<Record<string, string>> {
  return {
    ...EVERYWHERE,
    'content-security-policy': contentPolicy(facts),
    ...(serverEnv().publicUrl.startsWith('https:') && { 'strict-transport-security': HSTS }),
  };
}
