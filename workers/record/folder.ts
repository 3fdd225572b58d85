import type { TranscriptLibraryId } from '@/lib/client/store/library';
import { libraryFolder } from '@/lib/client/store/library-files';
import { AppError } from '@/lib/core';

/** A file's bytes while they are written at any place. */
class MemoryFile {
  private bytes = new Uint8Array(64 * 1024);
  private size = 0;

  write(data: Uint8Array, at: number): void {
    const end = at + data.length;
    if (end > this.bytes.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.bytes.length));
      larger.set(this.bytes.subarray(0, this.size));
      this.bytes = larger;
    }
    this.bytes.set(data, at);
    this.size = Math.max(this.size, end);
  }

  truncate(size: number): void {
    this.bytes.fill(0, size, this.size);
    this.size = size;
  }

  content(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.size);
  }
}

/**
 * A folder that lies in memory alone, as the recordings of a private session do.
 * @param files what is in it, by their names
 */
export function memoryFolder(files: readonly File[]): RecordingFolder {
  const entries = new Map<string, File>(files.map((file) => [file.name, file]));
  const handleOf = (name: string): RecordingFileHandle => {
    const keep = (written: MemoryFile) => entries.set(name, new File([written.content()], name));
    return {
      getFile: async () => entries.get(name) ?? new File([], name),
      async createSyncAccessHandle() {
        const written = new MemoryFile();
        written.write(new Uint8Array(await (entries.get(name) ?? new Blob()).arrayBuffer()), 0);
        return {
          write(data, { at = 0 } = {}) {
            const bytes = ArrayBuffer.isView(data)
              ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
              : new Uint8Array(data);
            written.write(bytes, at);
            return bytes.length;
          },
          truncate: (size) => written.truncate(size),
          flush: () => undefined,
          close: () => keep(written),
        };
      },
      async createWritable() {
        const parts: Uint8Array<ArrayBuffer>[] = [];
        return new WritableStream({
          write: (part) => void parts.push(new Uint8Array(part)),
          close: () => void entries.set(name, new File(parts, name)),
        });
      },
    };
  };
  return {
    async getFileHandle(name, { create = false } = {}) {
      if (!create && !entries.has(name))
        throw new DOMException(`There is no file ${name}.`, 'NotFoundError');
      if (!entries.has(name)) entries.set(name, new File([], name));
      return handleOf(name);
    },
    async removeEntry(name) {
      if (!entries.delete(name))
        throw new DOMException(`There is no file ${name}.`, 'NotFoundError');
    },
  };
}

/** Ending of the copy that knows its length. */
export const FINAL = '.final';

/** Tracks that a recording has, at most: the microphone, and the sound of a tab or of the system. */
export const MAX_TRACKS = 2;

/** The file in which a track is recorded. Stored names: never change. */
export const trackFile = (id: string, track: number) => (track === 0 ? id : `${id}.${track}`);

/** Names of all files that a recording may have. */
export const filesOf = (id: string) => [
  ...Array.from({ length: MAX_TRACKS }, (_, track) => trackFile(id, track)),
  id + FINAL,
];

/** Recordings of a library that have no end yet. @throws STORE_FAILED where there are no private files */
export async function recordingsFolder(
  library: TranscriptLibraryId,
): Promise<FileSystemDirectoryHandle> {
  const folder = await libraryFolder(library, 'recordings');
  if (!folder) throw new AppError('STORE_FAILED', 'This browser has no private file system.');
  return folder;
}

/** What finishing a recording needs of a folder: one in OPFS, or one in memory. */
export interface RecordingFolder {
  getFileHandle(name: string, options?: { create?: boolean }): Promise<RecordingFileHandle>;
  removeEntry(name: string): Promise<void>;
}

/** A `FileSystemSyncAccessHandle`, which only workers have, as far as it is used. */
export interface SyncAccess {
  write(data: AllowSharedBufferSource, options?: { at?: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

interface RecordingFileHandle {
  getFile(): Promise<File>;
  createSyncAccessHandle(): Promise<SyncAccess>;
  createWritable(): Promise<WritableStream<Uint8Array>>;
}

/** A file of the folder, or `null`. */
export async function findFile<H extends RecordingFileHandle>(
  folder: { getFileHandle(name: string): Promise<H> },
  name: string,
): Promise<H | null> {
  try {
    return await folder.getFileHandle(name);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}
