import 'server-only';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
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
