import 'server-only';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DEFAULT_HUB, parseHub } from '@/lib/catalogue';
import { processSingleton } from '@/lib/server/process';

const prerenderManifest = z.object({ routes: z.record(z.string(), z.unknown()) });
const routesManifest = z.object({
  staticRoutes: z.array(z.object({ page: z.string(), regex: z.string() })),
  dynamicRoutes: z.array(z.object({ page: z.string(), regex: z.string() })),
});

/** What stands for a page that Next answers with when no route matches, and when rendering failed. */
const NOT_FOUND = '/_not-found';
const FAILED = '/_global-error';

interface BuiltPages {
  /** Page → hashes of its inline scripts, in the form of `script-src`. */
  hashes: ReadonlyMap<string, readonly string[]>;
  /** What is rendered at each request. */
  rendered: readonly RegExp[];
}

/** The source of `script-src` that stands for an inline script with this text. */
export function scriptHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Hashes of the inline scripts of a page, each once. */
export function inlineScriptHashes(html: string): string[] {
  const texts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)];
  return [...new Set(texts.map(([, text = '']) => scriptHash(text)))];
}

/**
 * Reads what the build has rendered. Next's own files say what is in them: pinned by the version of
 * Next, and shown by `tools/app/pages.process.test.ts`.
 */
function readBuild(): BuiltPages {
  // both the build and its standalone copy are served from the folder that holds `.next`
  const file = (...path: string[]) =>
    readFileSync(join(/* turbopackIgnore: true */ process.cwd(), '.next', ...path), 'utf8');
  const { routes } = prerenderManifest.parse(JSON.parse(file('prerender-manifest.json')));
  const { staticRoutes, dynamicRoutes } = routesManifest.parse(
    JSON.parse(file('routes-manifest.json')),
  );
  const pages = Object.keys(routes).filter((page) => !/\.\w+$/.test(page));
  return {
    hashes: new Map(
      pages.map((page) => [
        page,
        inlineScriptHashes(file('server', 'app', `${page === '/' ? 'index' : page.slice(1)}.html`)),
      ]),
    ),
    rendered: [...staticRoutes, ...dynamicRoutes]
      .filter(({ page }) => !(page in routes))
      .map(({ regex }) => new RegExp(regex)),
  };
}

/**
 * The inline scripts of the page that Next answers this path with, if the build has rendered it;
 * `null` for a page that is rendered when it is asked for.
 */
export function prerenderedScripts(path: string): readonly string[] | null {
  const { hashes, rendered } = processSingleton('prerendered', readBuild);
  const page = path.length > 1 ? path.replace(/\/$/, '') : path;
  const own = hashes.get(page);
  if (own) return own;
  if (rendered.some((regex) => regex.test(page))) return null;
  return hashes.get(NOT_FOUND) ?? null;
}

/** The inline scripts of the page that Next answers with where there is none. */
export function notFoundScripts(): readonly string[] {
  return processSingleton('prerendered', readBuild).hashes.get(NOT_FOUND) ?? [];
}

/** The inline scripts of the page that stands in for one whose rendering failed. */
export function failedPageScripts(): readonly string[] {
  return processSingleton('prerendered', readBuild).hashes.get(FAILED) ?? [];
}

/** How a page is distinguished from scripts that were injected into it. */
export type ScriptTrust =
  /** Rendered for this request: its scripts carry the nonce, and what they load is trusted. */
  | { kind: 'nonce'; nonce: string }
  /** Rendered by the build: no nonce can be in it, but its inline scripts are known. */
  | { kind: 'hashes'; hashes: readonly string[] };

export interface PagePolicy {
  trust: ScriptTrust;
  /** Hashes of inline scripts that stand in every page. */
  everywhere: readonly string[];
  /** Other hosts that pages may ask, beside this server. */
  hosts?: readonly string[];
  /** React's own messages need `eval` while developing. */
  isDevelopment: boolean;
}

/** The header `Content-Security-Policy` of a page. */
export function contentSecurityPolicy({
  trust,
  everywhere,
  hosts = [],
  isDevelopment,
}: PagePolicy): string {
  const scripts =
    trust.kind === 'nonce'
      ? [`'nonce-${trust.nonce}'`, "'strict-dynamic'"]
      : ["'self'", ...trust.hashes];
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'self'"],
    'script-src': [
      ...scripts,
      ...everywhere,
      // compiles WebAssembly, and nothing else that `unsafe-eval` would
      "'wasm-unsafe-eval'",
      ...(isDevelopment ? ["'unsafe-eval'"] : []),
    ],
    // positions of virtual rows and the like; a style element needs a file of ours
    'style-src': ["'self'", ...(isDevelopment ? ["'unsafe-inline'"] : [])],
    'style-src-attr': ["'unsafe-inline'"],
    'img-src': ["'self'", 'blob:', 'data:'],
    // recordings are played from the browser's own storage
    'media-src': ["'self'", 'blob:'],
    // models come through a worker that has a policy of its own (`http-guard.ts`)
    'connect-src': ["'self'", ...hosts],
    // ONNX Runtime starts its threads from a blob
    'worker-src': ["'self'", 'blob:'],
    'frame-src': ["'none'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${[...new Set(sources)].join(' ')}`)
    .join('; ');
}

/** Where pages get recordings from an object store, as sources of `connect-src`. @param value of `S3_PUBLIC_ENDPOINT` */
export function storeHosts(value: string | undefined): readonly string[] {
  return value && URL.canParse(value) ? [new URL(value).origin] : [];
}

/** The public hub sends browsers on to its storage, on hosts under these two domains of its own. */
const DEFAULT_HUB_HOSTS = [DEFAULT_HUB, 'https://*.huggingface.co', 'https://*.hf.co'];

/** @throws BAD_REQUEST with a sentence when `MODEL_HUB` is not an address */
export function checkHub(): void {
  parseHub(process.env.MODEL_HUB);
}

/**
 * Hosts from which the download worker may fetch models, as sources of `connect-src`. Browsers check each
 * step of a redirect. The public hub's steps are known; another hub may send them to any storage, so
 * that naming one allows every https address, and every http address for one over http.
 * @param value of `MODEL_HUB`; one that is not valid allows none
 */
export function hubHosts(value: string | undefined): readonly string[] {
  try {
    const hub = parseHub(value);
    if (hub === DEFAULT_HUB) return DEFAULT_HUB_HOSTS;
    return new URL(hub).protocol === 'http:' ? ['http:', 'https:'] : ['https:'];
  } catch {
    // `GET /api/hub` says what is wrong with it to those who want a model
    return [];
  }
}
