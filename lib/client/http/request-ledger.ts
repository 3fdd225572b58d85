import { createStore } from 'zustand/vanilla';
import { newId, type ObservedRequest, observeRequests, REQUEST_CHANNEL } from '@/lib/core';

/** A request that the app logged when it sent it. */
export interface LoggedRequest {
  id: string;
  url: string;
  method: string;
  reason: RequestReason;
  /** When it was sent and when it was over, in ms since 1970; `null`: still under way. */
  atMs: number;
  endMs: number | null;
  /** Of the body, without headers. */
  sentBytes: number;
  /** Of the body; `null`: not known. */
  receivedBytes: number | null;
  /** `null`: no answer, or not known. */
  status: number | null;
}

/** Everything this tab knows of requests, its own and those that other tabs and workers report. */
interface Ledger {
  logged: ReadonlyMap<string, LoggedRequest>;
  /** By address and time: tabs that report the same one do not count it twice. */
  observed: ReadonlyMap<string, ObservedRequest>;
  /** Attempts that the browser's Content-Security-Policy stopped. */
  blocked: readonly { url: string; atMs: number }[];
}

type Message =
  | { kind: 'hello' }
  | { kind: 'logged'; requests: LoggedRequest[] }
  | { kind: 'observed'; requests: ObservedRequest[] };

/** More are forgotten, the oldest first. */
const KEPT = 5000;

/** The requests of this visit, in memory only. */
export const requestLedger = createStore<Ledger>(() => ({
  logged: new Map(),
  observed: new Map(),
  blocked: [],
}));

let channel: BroadcastChannel | null = null;

function added<T>(map: ReadonlyMap<string, T>, entries: [string, T][]): Map<string, T> {
  const all = new Map([...map, ...entries]);
  for (const key of all.keys()) {
    if (all.size <= KEPT) break;
    all.delete(key);
  }
  return all;
}

function addLogged(requests: LoggedRequest[]): void {
  requestLedger.setState(({ logged }) => ({
    logged: added(
      logged,
      requests.map((one) => [one.id, one]),
    ),
  }));
}

function addObserved(requests: ObservedRequest[]): void {
  const remote = requests.filter(({ url }) => /^https?:/.test(url));
  requestLedger.setState(({ observed }) => ({
    observed: added(
      observed,
      remote.map((one) => [`${one.by} ${one.url} ${one.atMs}`, one]),
    ),
  }));
}

/**
 * Notes a request that is being sent now.
 * @returns called once it is over, with what is known by then
 */
export function noteRequest(
  request: Pick<LoggedRequest, 'url' | 'method' | 'reason'> & { sentBytes?: number },
): (end?: Partial<Pick<LoggedRequest, 'receivedBytes' | 'status'>>) => void {
  const base = globalThis.location?.origin;
  let logged: LoggedRequest = {
    ...request,
    url: base ? new URL(request.url, base).href : request.url,
    id: newId(),
    atMs: Date.now(),
    endMs: null,
    sentBytes: request.sentBytes ?? 0,
    receivedBytes: null,
    status: null,
  };
  const publish = () => {
    addLogged([logged]);
    channel?.postMessage({ kind: 'logged', requests: [logged] } satisfies Message);
  };
  publish();
  return (end = {}) => {
    logged = { ...logged, ...end, endMs: Date.now() };
    publish();
  };
}

/** Notes a request to our own server, whose address says what it is for. See `noteRequest`. */
export function noteOwnRequest(request: { url: string; method: string; sentBytes?: number }) {
  const origin = globalThis.location?.origin ?? 'http://localhost';
  return noteRequest({ ...request, reason: reasonOf(request.url, origin) });
}

/** Begins to observe requests of this page, and to exchange them with other tabs. Called once in the browser. */
export function startRequestLedger(): void {
  if (channel) return;
  const opened = new BroadcastChannel(REQUEST_CHANNEL);
  channel = opened;
  opened.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'logged') addLogged(data.requests);
    else if (data.kind === 'observed') addObserved(data.requests);
    else publishAll();
  });
  const publishAll = () => {
    const { logged, observed } = requestLedger.getState();
    opened.postMessage({ kind: 'logged', requests: [...logged.values()] } satisfies Message);
    opened.postMessage({ kind: 'observed', requests: [...observed.values()] } satisfies Message);
  };
  opened.postMessage({ kind: 'hello' } satisfies Message);
  // what was logged before
  publishAll();
  observeRequests('page', (requests) => {
    addObserved(requests);
    opened.postMessage({ kind: 'observed', requests } satisfies Message);
  });
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    if (effectiveDirective !== 'connect-src') return;
    requestLedger.setState(({ blocked }) => ({
      blocked: [...blocked, { url: blockedURI, atMs: Date.now() }],
    }));
  });
  // There is none over plain http. Asked so, since the bundler takes `navigator.serviceWorker` for always there.
  const container = isSecureContext ? navigator.serviceWorker : undefined;
  container?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'observed') addObserved(data.requests);
  });
  container?.startMessages();
  // it may be stopped, and forget, before somebody looks
  askServiceWorker();
}

/** Asks the service worker for its requests. It says nothing by itself, see `tools/service-worker/worker.ts`. */
export function askServiceWorker(): void {
  if (!isSecureContext) return;
  void navigator.serviceWorker?.ready.then(({ active }) => active && askOnceActivated(active));
}

function askOnceActivated(worker: ServiceWorker): void {
  if (worker.state === 'activated') worker.postMessage(REQUEST_CHANNEL);
  else worker.addEventListener('statechange', () => askOnceActivated(worker), { once: true });
}

/** A request as it is listed. */
export interface SentRequest {
  url: string;
  atMs: number;
  reason: RequestReason;
  /** `null`: the browser does not say for what loads by itself. */
  method: string | null;
  sentBytes: number | null;
  receivedBytes: number | null;
  status: number | null;
}

/** How far the clocks of a note and of the browser's own timeline may lie apart, in ms. */
const TOLERANCE_MS = 1000;

/**
 * All requests, the latest first: those the app logged, and those the browser observed beside them.
 * What was observed and neither logged nor known by its address is `unexplained`.
 */
export function listRequests(
  { logged, observed }: Pick<Ledger, 'logged' | 'observed'>,
  ownOrigin: string,
): SentRequest[] {
  const rows = new Map<LoggedRequest, SentRequest>();
  const byUrl = new Map<string, LoggedRequest[]>();
  for (const one of logged.values()) {
    const { url, atMs, reason, method, sentBytes, receivedBytes, status } = one;
    rows.set(one, { url, atMs, reason, method, sentBytes, receivedBytes, status });
    byUrl.set(url, [...(byUrl.get(url) ?? []), one]);
  }
  const others: SentRequest[] = [];
  for (const { url, atMs, receivedBytes, status, by } of observed.values()) {
    const same = byUrl.get(url)?.find((one) => isAbout(one, atMs));
    const row = same && rows.get(same);
    if (row) {
      row.receivedBytes ??= receivedBytes;
      row.status ??= status;
      continue;
    }
    const known = reasonOf(url, ownOrigin);
    const isCopy = by === 'service-worker' && known !== 'unexplained';
    const reason = isCopy ? 'offline-copy' : known;
    others.push({ url, atMs, reason, method: null, sentBytes: null, receivedBytes, status });
  }
  return [...rows.values(), ...others].sort((a, b) => b.atMs - a.atMs);
}

/** Whether a request that was observed then is the logged one, or one of its tries. */
function isAbout({ atMs, endMs }: LoggedRequest, observedMs: number): boolean {
  return (
    observedMs >= atMs - TOLERANCE_MS &&
    observedMs <= (endMs ?? Number.POSITIVE_INFINITY) + TOLERANCE_MS
  );
}

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
