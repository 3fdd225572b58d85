/** What goes wrong with one file. All of it can be combined. */
export interface Fault {
  /** The connection breaks after this many bytes of an answer. */
  cutAfter?: number;
  /** `cutAfter`, `hangAfter`, `status` and `hang` apply so often; then never again. */
  times?: number;
  /** One bit of the file is another. */
  wrongBytes?: boolean;
  /** Answered instead of the file: 404, 403, 416, 503, … */
  status?: number;
  /** Sent with `status`. */
  retryAfterSeconds?: number;
  /** The file comes slowly. */
  bytesPerSecond?: number;
  /** Ranges are ignored: the whole file comes, with status 200. */
  noRange?: boolean;
  /** A range is answered with the bytes of another place. */
  wrongContentRange?: boolean;
  /** The request is never answered. */
  hang?: boolean;
  /** The answer stops after this many bytes, and stays open. */
  hangAfter?: number;
}

/** A request that was answered, or left open. */
export interface LoggedRequest {
  /** Which of the two origins answered. */
  at: 'hub' | 'cdn';
  method: string;
  /** `owner/name/path`; empty for the listing and the description. */
  file: string;
  /** The header as it came. */
  range: string | null;
  status: number;
  /** Of the file, in this answer. */
  sentBytes: number;
}

/** By `owner/name`, then by path. */
export type Repositories = Map<string, Map<string, Uint8Array>>;

/** What the hub knows. */
export interface HubState {
  repositories: Repositories;
  /** By `owner/name/path`. */
  faults: Map<string, Fault>;
  log: LoggedRequest[];
  cdnUrl: string;
}
