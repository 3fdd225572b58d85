import 'server-only';

/** How a page may be told apart from what someone slipped into it. */
export type ScriptTrust =
  /** Rendered for this request: its scripts carry the nonce, and what they load is trusted. */
  | { kind: 'nonce'; nonce: string }
  /** Rendered by the build: no nonce can be in it, but its inline scripts are known. */
  | { kind: 'hashes'; hashes: readonly string[] };

export interface PagePolicy {
  trust: ScriptTrust;
  /** Hashes of inline scripts that stand in every page. */
  everywhere: readonly string[];
  /** Other hosts the page may ask, as sources of `connect-src`. */
  hosts: readonly string[];
  /** React's own messages need `eval` while developing. */
  isDevelopment: boolean;
}

/** The header `Content-Security-Policy` of a page. */
export function contentSecurityPolicy({
  trust,
  everywhere,
  hosts,
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
