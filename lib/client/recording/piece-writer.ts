import type { RecordingFile } from './ports';

/** Writes the pieces of a recording one after another. The first failure is told; then it is over. */
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
      // a hole in the middle would spoil what comes behind it
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
