/** How much the browser lets this site keep, in bytes; `null` where it does not say. */
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

/** Left free for text and words when recordings are kept: about a thousand hours of transcripts. */
const RESERVE_BYTES = 64 * 1024 * 1024;

/** Whether a recording of this size can be kept without running into the quota. */
export async function hasQuotaFor(sizeBytes: number): Promise<boolean> {
  const { usedBytes, quotaBytes } = await storageFacts();
  if (usedBytes === null || quotaBytes === null) return true; // not told: try
  return quotaBytes - usedBytes > sizeBytes + RESERVE_BYTES;
}

/** Asks that the library is not cleared under pressure. @returns whether it was granted */
export async function askToPersist(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false;
}
