/** Frame lengths in ms by the kind of coding: SILK, hybrid, CELT (RFC 6716, 3.1). */
const SILK_MS = [10, 20, 40, 60];
const HYBRID_MS = [10, 20];
const CELT_MS = [2.5, 5, 10, 20];

/** Sound in an Opus packet, in seconds, as its first bytes state; 0 for an empty one. */
export function opusSeconds(packet: Uint8Array): number {
  const [contents, counted = 0] = packet;
  if (contents === undefined) return 0;
  const config = contents >> 3;
  const lengths = config < 12 ? SILK_MS : config < 16 ? HYBRID_MS : CELT_MS;
  // 12 and 16 are multiples of the length of the table: each table starts over there
  const frameMs = lengths[config % lengths.length] ?? 0;
  const code = contents & 3;
  const frames = code === 0 ? 1 : code === 3 ? counted & 63 : 2;
  return (frameMs * frames) / 1000;
}
