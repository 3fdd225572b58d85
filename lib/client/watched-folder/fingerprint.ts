import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { readBytes } from '@/lib/engine/audio';

/** Of this many places in a file this many bytes are read: 1 MiB of a large one. */
const PLACES = 16;
const PLACE_BYTES = 65_536;

/**
 * What identifies a file whatever its name: its length and its content, of a large file at its beginning,
 * its end and evenly between.
 * @throws SOURCE_GONE, SOURCE_UNREADABLE
 */
export async function fingerprintOf(file: Blob): Promise<string> {
  const hash = sha256.create().update(utf8ToBytes(`${file.size}:`));
  const lastAt = Math.max(0, file.size - PLACE_BYTES);
  const step = Math.max(PLACE_BYTES, lastAt / (PLACES - 1));
  for (let place = 0; place < PLACES; place++) {
    const at = Math.min(lastAt, Math.round(place * step));
    hash.update(await readBytes(file, at, PLACE_BYTES));
    if (at === lastAt) break;
  }
  return bytesToHex(hash.digest());
}
