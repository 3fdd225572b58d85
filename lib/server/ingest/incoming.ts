import 'server-only';

/** A file that lies there whole. */
export interface IncomingFile {
  /** The whole key, prefix included. */
  key: string;
  /** Of these very bytes. */
  etag: string;
  sizeBytes: number;
}

/** Bytes of a file, the last one not included. */
export interface ByteSpan {
  start: number;
  end: number;
}

/** Where recordings come in. Failures are those of object stores. */
export interface Incoming {
  /** Distinguishes it from others: part of a job's id. */
  readonly name: string;
  /** Everything that lies there whole. */
  list(signal?: AbortSignal): AsyncIterable<IncomingFile>;
  /** What lies under a key now; `null`: nothing, or it is not whole yet. */
  look(key: string, signal?: AbortSignal): Promise<IncomingFile | null>;
  /** Bytes of a file; `null`: it is gone, or another one lies there now. */
  read(
    file: Pick<IncomingFile, 'key' | 'etag'>,
    span: ByteSpan,
    signal?: AbortSignal,
  ): Promise<ReadableStream<Uint8Array> | null>;
  /** An address of the file that holds for a while; `null`: the app has to give it out itself. */
  address(key: string, lifetimeS: number): Promise<string | null>;
}
