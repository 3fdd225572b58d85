/** A request as a browser's own timeline of a page or a worker has it. */
export interface ObservedRequest {
  url: string;
  /** When it was sent, in ms since 1970. */
  atMs: number;
  /** With headers; `null`: not known, as of other hosts, or nothing came over the network. */
  receivedBytes: number | null;
  /** `null`: not known. */
  status: number | null;
  by: 'page' | 'worker' | 'service-worker';
}

/**
 * The channel on which workers report their requests to pages, and pages theirs to each other; also what a page
 * sends to the service worker to be told its requests.
 */
export const REQUEST_CHANNEL = 'ai2text:requests';

/** Calls back with every request of this page or worker, those before the call included. */
export function observeRequests(
  by: ObservedRequest['by'],
  report: (requests: ObservedRequest[]) => void,
): void {
  const observer = new PerformanceObserver((list) => {
    // only entries of this type are observed
    const entries = list.getEntries() as PerformanceResourceTiming[];
    report(
      entries.map(({ name, startTime, transferSize, responseStatus }) => ({
        url: name,
        atMs: performance.timeOrigin + startTime,
        receivedBytes: transferSize || null,
        status: responseStatus || null,
        by,
      })),
    );
  });
  observer.observe({ type: 'resource', buffered: true });
  // the document itself; workers have none
  if (by === 'page') observer.observe({ type: 'navigation', buffered: true });
}

/** Has a worker report its requests to the pages of this browser. Not for the service worker, which is asked. */
export function reportRequests(): void {
  const channel = new BroadcastChannel(REQUEST_CHANNEL);
  observeRequests('worker', (requests) => channel.postMessage({ kind: 'observed', requests }));
}
