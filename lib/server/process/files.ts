import 'server-only';
import { open } from 'node:fs/promises';

/** Makes names that were given or taken in a directory last through a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows keeps names without being asked, and opens no directories
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The system's name for what went wrong with a file (`ENOENT`), or `null`. */
export function fileErrorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}
