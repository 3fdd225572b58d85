import { getSetting, setSetting } from '@/lib/client/store';
import { AppError } from '@/lib/core';
import type { OwnerKey } from '@/lib/sealing';

// loaded with the first key: most people never have one
const sealing = () => import('@/lib/sealing');

/** Keeps a key on this device. One that is there already stays. */
export async function keepKey(key: OwnerKey): Promise<void> {
  const keys = await getSetting('inboxKeys');
  if (keys.some(({ publicKey }) => publicKey === key.publicKey)) return;
  await setSetting('inboxKeys', [...keys, key]);
}

/** The key that transcripts are to be sealed to: the last one here, or a new one, which is kept first. */
export async function keyToSealTo(): Promise<OwnerKey> {
  const last = (await getSetting('inboxKeys')).at(-1);
  if (last) return last;
  const { newOwnerKey } = await sealing();
  const key = await newOwnerKey();
  await keepKey(key);
  return key;
}

/** A key as the file that brings it to another device. */
export function keyFile(key: OwnerKey): File {
  const name = `ai2text-key-${key.createdAt.slice(0, 10)}.json`;
  return new File([JSON.stringify(key, null, 2)], name, { type: 'application/json' });
}

/** Reads a key file. @throws BAD_REQUEST: it is not one, or its two keys are not a pair */
export async function readKeyFile(file: Blob): Promise<OwnerKey> {
  const { ownerKeySchema, openSegments, sealSegments } = await sealing();
  try {
    const key = ownerKeySchema.parse(JSON.parse(await file.text()));
    const place = { jobId: 'key file', ordinal: 0 };
    await openSegments(key, place, await sealSegments(key.publicKey, place, []));
    return key;
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'This file is no key file.', { cause });
  }
}
