// The browser's private file system, in memory, as far as the store and the library use it.

type Entry = MemoryFolder | MemoryFile;

const missing = (name: string) => new DOMException(`There is no ${name}.`, 'NotFoundError');

/** A file whose content is replaced as a whole when a writer closes, as browsers do it. */
class MemoryFile {
  readonly kind = 'file';
  private content: Blob = new Blob();

  constructor(readonly name: string) {}

  async getFile(): Promise<File> {
    return new File([this.content], this.name);
  }

  async createWritable() {
    const pieces: Blob[] = [];
    const stream = new WritableStream<Blob | Uint8Array<ArrayBuffer>>({
      write: async (piece) => {
        const bytes = piece instanceof Blob ? await piece.arrayBuffer() : piece;
        pieces.push(new Blob([bytes]));
      },
      close: () => {
        this.content = new Blob(pieces);
      },
    });
    const write = async (piece: Blob) => {
      const writer = stream.getWriter();
      await writer.write(piece).finally(() => writer.releaseLock());
    };
    return Object.assign(stream, { write });
  }
}

class MemoryFolder {
  readonly kind = 'directory';
  private readonly entries = new Map<string, Entry>();

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<MemoryFolder> {
    const found = this.entries.get(name);
    if (found instanceof MemoryFolder) return found;
    if (!create) throw missing(name);
    const made = new MemoryFolder();
    this.entries.set(name, made);
    return made;
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<MemoryFile> {
    const found = this.entries.get(name);
    if (found instanceof MemoryFile) return found;
    if (!create) throw missing(name);
    const made = new MemoryFile(name);
    this.entries.set(name, made);
    return made;
  }

  async removeEntry(name: string): Promise<void> {
    if (!this.entries.delete(name)) throw missing(name);
  }

  async *keys(): AsyncGenerator<string> {
    yield* [...this.entries.keys()];
  }
}

/** What pages see as `navigator.storage`, with nothing in it yet. */
export function memoryStorage() {
  const root = new MemoryFolder();
  return { getDirectory: async () => root };
}
