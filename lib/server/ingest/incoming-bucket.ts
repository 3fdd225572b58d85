import 'server-only';
import { posix } from 'node:path';
import { S3Bucket } from '@/lib/server/objects';
import type { S3Settings } from '@/lib/server/process';
import type { Incoming, IncomingFile } from './incoming';

/** Objects of our own bucket. They appear when they are whole, those uploaded in parts too. */
export class IncomingBucket implements Incoming {
  readonly name: string;
  readonly #bucket: S3Bucket;
  readonly #prefix: string;

  /** @param prefix of the keys of recordings */
  constructor(settings: S3Settings, prefix: string) {
    this.name = settings.bucket;
    this.#bucket = new S3Bucket(settings);
    this.#prefix = prefix;
  }

  async *list(signal?: AbortSignal): AsyncGenerator<IncomingFile> {
    for await (const { key, etag, sizeBytes } of this.#bucket.list(this.#prefix, signal))
      if (sizeBytes > 0 && etag !== null) yield { key, etag, sizeBytes };
  }

  async look(key: string, signal?: AbortSignal): Promise<IncomingFile | null> {
    if (!key.startsWith(this.#prefix)) return null;
    const found = await this.#bucket.read(key, { start: 0, end: 1 }, signal);
    await found?.body.cancel();
    return found && { key, etag: found.etag, sizeBytes: found.sizeBytes };
  }

  async read(...[file, span, signal]: Parameters<Incoming['read']>) {
    const found = await this.#bucket.read(file.key, span, signal);
    if (found?.etag === file.etag) return found.body;
    await found?.body.cancel();
    return null;
  }

  address(key: string, lifetimeS: number): Promise<string | null> {
    return this.#bucket.presign(key, posix.basename(key), lifetimeS);
  }
}
