import type { RecordingFile } from './ports';

/** Writes the pieces of a recording in order. It reports the first failure and then stops writing. */
export class PieceWriter {
  private tail: Promise<void> = Promise.resolve();
  private broken = false;

  constructor(
    private readonly file: RecordingFile,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Takes the next piece; never waits. */
  write(bytes: ArrayBuffer): void {
    this.tail = this.tail.then(async () => {
      // a gap would corrupt what follows
      if (this.broken) return;
      try {
        await this.file.append(bytes);
      } catch (error) {
        this.broken = true;
        this.onError(error);
      }
    });
  }

  /** Closes the file when all pieces are written. */
  async close(): Promise<void> {
    await this.tail;
    await this.file.close();
  }
}
