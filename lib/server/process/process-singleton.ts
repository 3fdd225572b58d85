import 'server-only';

const KEPT = Symbol.for('ai2text.server.kept');

/** Global because a bundler may load one module several times, and every edit does in development. */
function kept(): Map<string, unknown> {
  const scope = globalThis as { [KEPT]?: Map<string, unknown> };
  scope[KEPT] ??= new Map();
  return scope[KEPT];
}

/** The one value of this process under `name`; made on first use. */
export function processSingleton<T>(name: string, make: () => T): T {
  const values = kept();
  if (!values.has(name)) values.set(name, make());
  // a name stands for one type: each is used in one file only
  return values.get(name) as T;
}

/** Drops the value under `name`; the next use makes another one. */
export function forgetSingleton(name: string): void {
  kept().delete(name);
}
