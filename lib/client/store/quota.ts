import { isPrivateSession } from '@/lib/core';

/** How much the browser lets this site store, in bytes; `null` where it does not report it. */
export interface StorageFacts {
  usedBytes: number | null;
  quotaBytes: number | null;
  /** Whether the browser promised not to clear it under pressure. */
  persisted: boolean;
}

/** Asks the browser; never throws. */
export async function storageFacts(): Promise<StorageFacts> {
  const storage = navigator.storage;
  if (!storage?.estimate) return { usedBytes: null, quotaBytes: null, persisted: false };
  const [estimate, persisted] = await Promise.all([
    storage.estimate(),
    storage.persisted?.() ?? false,
  ]);
  return {
    usedBytes: estimate.usage ?? null,
    quotaBytes: estimate.quota ?? null,
    persisted,
  };
}

/** Left free for text when recordings are stored: about a thousand hours of transcripts. */
const RESERVE_BYTES = 64 * 1024 * 1024;

/** Whether a recording of this size fits into the quota. */
export async function hasQuotaFor(sizeBytes: number): Promise<boolean> {
  const { usedBytes, quotaBytes } = await storageFacts();
  if (usedBytes === null || quotaBytes === null) return true; // unknown: try
  return quotaBytes - usedBytes > sizeBytes + RESERVE_BYTES;
}

/** Asks the browser not to clear this site's data under storage pressure. @returns whether it agreed */
export async function askToPersist(): Promise<boolean> {
  if (isPrivateSession()) return false;
  return (await navigator.storage?.persist?.()) ?? false;
}
