import { readBytes } from '@/lib/engine/audio';

const SYNC_BYTE = 0x47;
/** Plain, with a time code in front (`.m2ts`), and with error correction after. */
const PACKET_BYTES = [188, 192, 204];
/** Pictures come within the first seconds, also beside a high bit rate. */
const SEARCH_BYTES = 4 << 20;
const CLOCK_HZ = 90_000;

/**
 * The time of the first picture in an MPEG transport stream, whatever its codec: players take the
 * earlier of picture and sound for the start. Layout: ISO/IEC 13818-1, sections 2.4.3.2 and 2.4.3.6.
 * @returns seconds on the stream's clock; `null` without pictures
 */
export async function firstPictureSeconds(source: Blob): Promise<number | null> {
  const bytes = await readBytes(source, 0, SEARCH_BYTES);
  const start = findPackets(bytes);
  if (!start) return null;
  for (let at = start.at; at + 188 <= bytes.length; at += start.packetBytes) {
    const ticks = pictureTime(bytes.subarray(at, at + 188));
    if (ticks !== null) return ticks / CLOCK_HZ;
  }
  return null;
}

function findPackets(bytes: Uint8Array): { at: number; packetBytes: number } | null {
  for (let at = 0; at < Math.max(...PACKET_BYTES); at++)
    for (const packetBytes of PACKET_BYTES)
      if ([0, 1, 2, 3].every((k) => bytes[at + k * packetBytes] === SYNC_BYTE))
        return { at, packetBytes };
  return null;
}

/** The presentation time in a packet that begins a picture, in ticks of the clock. */
function pictureTime(packet: Uint8Array): number | null {
  const [sync, flags = 0, , control = 0, adaptationBytes = 0] = packet;
  if (sync !== SYNC_BYTE || !(flags & 0x40)) return null;
  const hasAdaptation = (control & 0x20) !== 0;
  const pes = packet.subarray(hasAdaptation ? 5 + adaptationBytes : 4);
  const [a, b, c, stream = 0, , , , pesFlags = 0] = pes;
  const isVideo = (stream & 0xf0) === 0xe0 || stream === 0xfd;
  if (a !== 0 || b !== 0 || c !== 1 || !isVideo || !(pesFlags & 0x80)) return null;
  const [p0 = 0, p1 = 0, p2 = 0, p3 = 0, p4 = 0] = pes.subarray(9, 14);
  // 33 bits with a marker after the first three and after each fifteen
  return (((p0 >> 1) & 7) * 2 ** 15 + ((p1 << 7) | (p2 >> 1))) * 2 ** 15 + ((p3 << 7) | (p4 >> 1));
}
