/** Any origin: only whether a path stays on it counts. */
const HERE = 'https://here.invalid';

/**
 * Where to continue after signing in: the path and query of an address on this origin, else `fallback`.
 * The fragment is dropped: on some pages it is a key. What browsers read as another site (`//x`,
 * `/\x`, `https:x`) is judged by the parser that browsers use.
 * @param origin addresses that begin with it count as paths
 */
export function safePath(value: unknown, fallback = '/', origin = HERE): string {
  if (typeof value !== 'string' || value.length > 2000) return fallback;
  if (!value.startsWith('/') && !value.startsWith(`${origin}/`)) return fallback;
  if (!URL.canParse(value, origin)) return fallback;
  const url = new URL(value, origin);
  if (url.origin !== origin || url.username || url.password) return fallback;
  // `https://here//there` is here, but its path alone is there
  return url.pathname.startsWith('//') ? fallback : `${url.pathname}${url.search}`;
}
