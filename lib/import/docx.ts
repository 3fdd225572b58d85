import { BlobReader, ZipReader } from '@zip.js/zip.js';
import mammoth from 'mammoth';
import { AppError } from '@/lib/core';

/** What the parts of a document may unpack to, in bytes: a file of a few kilobytes can claim anything. */
const MAX_UNPACKED_BYTES = 100_000_000;

/**
 * The paragraphs of a Word document, as text.
 * @throws AppError SOURCE_UNREADABLE when it is not a Word document, or larger than any
 */
export async function readDocxParagraphs(file: File): Promise<string[]> {
  try {
    const reader = new ZipReader(new BlobReader(file), { useWebWorkers: false });
    const entries = await reader.getEntries();
    await reader.close();
    const unpacked = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
    if (unpacked > MAX_UNPACKED_BYTES)
      throw new AppError('SOURCE_UNREADABLE', `${file.name} unpacks to ${unpacked} bytes.`);
    const arrayBuffer = await file.arrayBuffer();
    // a browser's build of the library knows it by the first name, Node's by the second
    const input = { arrayBuffer, buffer: new Uint8Array(arrayBuffer) };
    const { value } = await mammoth.extractRawText(input);
    return value.split('\n').filter((line) => line.trim() !== '');
  } catch (cause) {
    throw new AppError('SOURCE_UNREADABLE', `${file.name} is not a Word document.`, { cause });
  }
}
