import { AppError, delay, isAbort, retry, throwIfAborted, withTimeout } from '@/lib/core';
import {
  type Answer,
  ask,
  hubRetries,
  isTransient,
  type Patience,
  unreachableHub,
} from '../hub/hub-fetch';
import { Checksums } from './checksums';

/** Where the bytes of a file go; `FileSystemSyncAccessHandle` has this shape. */
export interface FileSink {
  getSize(): number;
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(sizeBytes: number): void;
  flush(): void;
}

/** A file to fetch, and what it must be. */
export interface WantedFile {
  url: string;
  /** `null`: not known beforehand. */
  bytes: number | null;
  /** Lower-case hex; `null`: not known beforehand. */
  sha256: string | null;
  /** Git's hash, for small files without a SHA-256 on the hub. */
  gitSha1: string | null;
}

export interface TransferOptions {
  patience: Patience;
  signal: AbortSignal | undefined;
  /**
   * @param doneBytes of the file that are on disk
   * @param receivedBytes that came over the network in this transfer
   */
  onProgress(doneBytes: number, receivedBytes: number): void;
}

/** What came. */
export interface TransferredFile {
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** Bytes that may be lost when the machine (not only the tab) stops. */
const FLUSH_EVERY_BYTES = 16 * 1024 * 1024;
/** Bytes read from disk at a time. */
const PIECE_BYTES = 4 * 1024 * 1024;

/**
 * Downloads one file into a sink: resumes after what is there already, retries after transient
 * failures, and verifies the whole. After a failure, what was received is kept unless it is wrong.
 *
 * Ranges are requested without `If-Range`: that header needs a preflight, which the hosts that hubs
 * redirect to refuse. Instead, the length in `Content-Range`, the ETag (within one transfer) and the
 * hash of the whole show that the rest belongs to the beginning.
 * @throws OFFLINE, MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH (the sink is then empty),
 * STORE_QUOTA, ABORTED
 */
export async function transferFile(
  wanted: WantedFile,
  sink: FileSink,
  options: TransferOptions,
): Promise<TransferredFile> {
  const transfer = new Transfer(wanted, sink, options);
  try {
    return await transfer.run();
  } finally {
    sink.flush();
  }
}

class Transfer {
  /** Bytes that are in the sink and in the checksums. */
  private at = 0;
  private received = 0;
  private sums: Checksums;
  private etag: string | null = null;
  private mayResume = true;

  constructor(
    private readonly wanted: WantedFile,
    private readonly sink: FileSink,
    private readonly options: TransferOptions,
  ) {
    this.sums = this.newSums();
  }

  async run(): Promise<TransferredFile> {
    const { patience, signal } = this.options;
    await this.takeWhatIsThere();
    let furthest = this.at;
    await retry(() => this.receiveRest(), {
      ...hubRetries(patience, signal),
      // an unreliable connection may break any number of times, as long as each attempt makes progress
      hasProgressed: () => {
        const isFurther = this.at > furthest;
        furthest = Math.max(furthest, this.at);
        return isFurther;
      },
    });
    return this.checked();
  }

  private async receiveRest(): Promise<void> {
    if (this.at === this.wanted.bytes) return;
    try {
      await this.receive();
    } catch (error) {
      if (isTransient(error)) this.sink.flush();
      throw error;
    }
  }

  private newSums(): Checksums {
    return new Checksums(this.wanted.gitSha1 === null ? null : this.wanted.bytes);
  }

  private startOver(): void {
    this.sink.truncate(0);
    this.at = 0;
    this.sums = this.newSums();
  }

  /** Hashes what an earlier transfer left. */
  private async takeWhatIsThere(): Promise<void> {
    const size = this.sink.getSize();
    if (this.wanted.bytes !== null && size > this.wanted.bytes) this.startOver();
    const end = this.sink.getSize();
    const piece = new Uint8Array(Math.min(PIECE_BYTES, end));
    while (this.at < end) {
      const count = this.sink.read(piece, { at: this.at });
      if (count === 0) throw new AppError('STORE_FAILED', 'A stored file ends too early.');
      this.sums.update(piece.subarray(0, count));
      this.at += count;
      await delay(0, this.options.signal); // lets a cancel come in
    }
    this.notify();
  }

  /** Receives over one connection; returns at the end of the file. */
  private async receive(): Promise<void> {
    const { patience, signal } = this.options;
    const { url, bytes } = this.wanted;
    const from = this.mayResume ? this.at : 0;
    const headers = from > 0 ? { Range: `bytes=${from}-` } : {};
    const answer = await ask(url, { headers, patience, signal });
    try {
      const { response } = answer;
      if (response.status === 416) {
        const whole = wholeLength(response.headers) ?? bytes;
        if (whole === this.at) return;
        this.mayResume = false;
        this.startOver();
        throw unreachableHub(url, `no bytes from ${from} on`, null);
      }
      this.begin(response, from);
      await this.drain(answer);
    } finally {
      answer.stop();
    }
    if (bytes !== null && this.at < bytes)
      throw unreachableHub(url, `it ended after ${this.at} of ${bytes} bytes`, null);
  }

  /** Makes sure that the response continues where the sink ends; else clears the sink. */
  private begin(response: Response, from: number): void {
    const { url, bytes, sha256, gitSha1 } = this.wanted;
    if (response.headers.get('content-type')?.includes('text/html'))
      throw new AppError('MODEL_DOWNLOAD_FAILED', `${url}: a page came instead of the file.`, {
        details: { isPage: true },
      });
    const etag = response.headers.get('etag');
    // a hash, where there is one, is more reliable: ETags may differ from host to host
    const isUnknown = sha256 === null && gitSha1 === null;
    const isOther = isUnknown && this.etag !== null && etag !== null && etag !== this.etag;
    this.etag = etag ?? this.etag;
    if (response.status !== 206) {
      if (this.at > 0) this.startOver();
      return;
    }
    if (isOther || rangeStart(response.headers, bytes) !== from) {
      this.mayResume = false;
      this.startOver();
      throw unreachableHub(url, `bytes of another place than ${from} came`, null);
    }
  }

  private async drain(answer: Answer): Promise<void> {
    const { patience, signal } = this.options;
    const { url } = this.wanted;
    const reader = answer.response.body?.getReader();
    if (!reader) throw unreachableHub(url, 'the answer is empty', null);
    const late = () => unreachableHub(url, `no byte in ${patience.stallMs} ms`, null);
    let unflushed = 0;
    for (;;) {
      let bytes: Uint8Array | undefined;
      try {
        const { value, done } = await withTimeout(reader.read(), patience.stallMs, late);
        if (done) return;
        bytes = value;
      } catch (error) {
        throwIfAborted(signal);
        throw isTransient(error) || isAbort(error)
          ? error
          : unreachableHub(url, 'the connection broke', error);
      }
      this.keep(bytes);
      unflushed += bytes.length;
      if (unflushed < FLUSH_EVERY_BYTES) continue;
      this.sink.flush();
      unflushed = 0;
    }
  }

  private keep(bytes: Uint8Array): void {
    const { bytes: expected, url } = this.wanted;
    if (expected !== null && this.at + bytes.length > expected)
      throw this.wrong(`${url} is longer than ${expected} bytes.`, {});
    const written = this.sink.write(bytes, { at: this.at });
    if (written !== bytes.length) {
      this.sink.truncate(this.at); // a part of a piece is in no checksum
      throw new AppError('STORE_QUOTA', `The disk took ${written} of ${bytes.length} bytes.`);
    }
    this.sums.update(bytes);
    this.at += bytes.length;
    this.received += bytes.length;
    this.notify();
  }

  private notify(): void {
    this.options.onProgress(this.at, this.received);
  }

  private checked(): TransferredFile {
    const { url, sha256, gitSha1 } = this.wanted;
    const found = this.sums.digest();
    if (sha256 !== null && found.sha256 !== sha256)
      throw this.wrong(`${url} is not the file it should be.`, {
        sha256: found.sha256,
        expected: sha256,
      });
    if (gitSha1 !== null && found.gitSha1 !== null && found.gitSha1 !== gitSha1)
      throw this.wrong(`${url} is not the file it should be.`, {
        gitSha1: found.gitSha1,
        expected: gitSha1,
      });
    return { bytes: this.at, sha256: found.sha256 };
  }

  /** Nothing of a wrong file is kept. */
  private wrong(message: string, details: Record<string, string>): AppError {
    this.sink.truncate(0);
    return new AppError('MODEL_HASH_MISMATCH', message, { details });
  }
}

/**
 * First byte of a 206 answer.
 * @param wholeBytes length of the file, where it is known
 * @returns `null` when the answer does not fit: it is unknown where its bytes belong
 */
export function rangeStart(headers: Headers, wholeBytes: number | null): number | null {
  const value = headers.get('content-range');
  if (value === null) {
    // not every host lets a page read it; its length then suffices, as the range has no end
    const length = headers.get('content-length');
    if (wholeBytes === null || length === null || !/^\d+$/.test(length)) return null;
    return wholeBytes - Number(length);
  }
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(value.trim());
  if (!match) return null;
  const [start, end] = [Number(match[1]), Number(match[2])];
  if (end < start) return null;
  const whole = match[3] === '*' ? null : Number(match[3]);
  if (whole !== null && wholeBytes !== null && whole !== wholeBytes) return null;
  return start;
}

/** Length of the file according to a 416 response, or `null`. */
export function wholeLength(headers: Headers): number | null {
  const match = /^bytes \*\/(\d+)$/.exec(headers.get('content-range')?.trim() ?? '');
  return match ? Number(match[1]) : null;
}

/**
 * Copies a file of the user's disk into a sink.
 * @throws SOURCE_UNREADABLE, STORE_QUOTA, ABORTED
 */
export async function copyFile(
  file: Blob,
  sink: FileSink,
  { signal, onProgress }: Pick<TransferOptions, 'signal' | 'onProgress'>,
): Promise<TransferredFile> {
  const sums = new Checksums(null);
  sink.truncate(0);
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    throwIfAborted(signal);
    const bytes = await read(file.slice(at, at + PIECE_BYTES));
    const written = sink.write(bytes, { at });
    if (written !== bytes.length)
      throw new AppError('STORE_QUOTA', `The disk took ${written} of ${bytes.length} bytes.`);
    sums.update(bytes);
    onProgress(at + bytes.length, at + bytes.length);
  }
  sink.flush();
  return { bytes: file.size, sha256: sums.digest().sha256 };
}

async function read(piece: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await piece.arrayBuffer());
  } catch (cause) {
    throw new AppError('SOURCE_UNREADABLE', 'The file cannot be read any more.', { cause });
  }
}
