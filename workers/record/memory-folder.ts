import type { RecordingFileHandle, RecordingFolder } from './folder';

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
