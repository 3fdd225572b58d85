/** Why the app sent a request. */
export type RequestReason =
  | 'app'
  | 'page'
  | 'offline-copy'
  | 'built-in-model'
  | 'model-list'
  | 'model-question'
  | 'model-download'
  | 'account'
  | 'device-list'
  | 'share'
  | 'training-set'
  | 'server-facts'
  | 'unexplained';

/** By the beginning of a path of our own server; the first that fits counts. */
const BY_PATH: readonly (readonly [RegExp, RequestReason])[] = [
  [/^\/(_next\/static|ffmpeg|hub|kernels|ort|resampler|vad)\//, 'app'],
  [/^\/(sw\.js|icon\.svg|manifest\.webmanifest|favicon\.ico)$/, 'app'],
  [/^\/models\/./, 'built-in-model'],
  [/^\/api\/models\/[^/]+\/resolve\//, 'model-download'],
  [/^\/api\/(models|hub)(\/|$)/, 'model-list'],
  [
    /^\/api\/(auth|sign-in|setup|invitations|password-reset|account|sessions|members)(\/|$)/,
    'account',
  ],
  [/^\/api\/transcripts(\/|$)/, 'device-list'],
  [/^\/api\/(shares|live)(\/|$)/, 'share'],
  [/^\/api\/(dataset|training)(\/|$)/, 'training-set'],
  [/^\/api\/(health|openapi\.json)$/, 'server-facts'],
  [/^\/api\/(admin|inbox|ingest|work)(\/|$)/, 'server-facts'],
];

/** Pages of the app: what a browser loads to show them. */
const PAGES =
  /^\/($|(record|captions|models|dataset|settings|diagnostics|requests|api-docs|admin|inbox|sign-in|setup|invite|reset)$|transcripts\/[^/]+$)/;

/**
 * Why a request to our own server was sent, by its address alone; to others the app gives the reason with
 * each request.
 */
export function reasonOf(url: string, ownOrigin: string): RequestReason {
  const { origin, pathname } = new URL(url, ownOrigin);
  if (origin !== ownOrigin) return 'unexplained';
  const found = BY_PATH.find(([path]) => path.test(pathname));
  if (found) return found[1];
  return PAGES.test(pathname) ? 'page' : 'unexplained';
}
