import { AppError, throwIfAborted } from '@/lib/core';
import { Checksums } from './checksums';
import type { FileSink, TransferOptions, TransferredFile } from './transfer';

/** Read and written at once. */
const PIECE_BYTES = 4 * 1024 * 1024;

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
