import { AppError } from '@/lib/core';

/** Left free for recordings' text and for what is being worked on, in bytes. */
const RESERVE_BYTES = 64 * 1024 * 1024;

/**
 * Makes sure that files fit into the quota.
 * @param totalBytes of all files
 * @param onDisk bytes of them that are there already
 * @throws STORE_QUOTA (`details`: neededBytes, freeBytes)
 */
export async function requireQuota(
  totalBytes: number,
  onDisk: ReadonlyMap<string, number>,
  free: () => Promise<number | null>,
): Promise<void> {
  const thereBytes = [...onDisk.values()].reduce((sum, bytes) => sum + bytes, 0);
  const neededBytes = Math.max(0, totalBytes - thereBytes);
  if (neededBytes === 0) return;
  const freeBytes = await free();
  if (freeBytes === null || freeBytes >= neededBytes + RESERVE_BYTES) return;
  throw new AppError('STORE_QUOTA', `${neededBytes} bytes do not fit into ${freeBytes}.`, {
    details: { neededBytes, freeBytes },
  });
}
