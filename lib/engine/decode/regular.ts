import type { EncodedPacketSink } from 'mediabunny';
import { isGap, LOOK_AHEAD_SECONDS } from '@/lib/engine/audio';

/** Samples of a packet, by codec: a container whose times jitter has lengths that jitter, too. */
const PACKET_SAMPLES: Readonly<Record<string, readonly number[]>> = {
  aac: [960, 1024, 1920, 2048],
  mp3: [384, 576, 1152],
  // steps of 2.5 ms at 48 kHz
  opus: [120, 240, 480, 960, 1920, 2880, 3840, 4800, 5760],
};
/** The least length of so many packets is that of all: a gap makes one seem longer. */
const FIRST_PACKETS = 16;
/** A packet that begins within this part of a sample from the end of the last follows on it. */
const TOLERANCE_SAMPLES = 0.25;

/** A track whose times count samples. */
export interface RegularTrack {
  codec: string;
  rateHz: number;
  /** The packets themselves contain their lengths, not by the times around them. */
  hasOwnLengths: boolean;
}

/**
 * Whether the packets up to a position follow each other to the sample, but for gaps. Only then does
 * sound that is decoded from there lie where it does in a run from the start.
 * @param untilSeconds on the container's clock
 */
export async function isRegular(
  sink: EncodedPacketSink,
  track: RegularTrack,
  untilSeconds: number,
): Promise<boolean> {
  const length = track.hasOwnLengths ? null : await packetSeconds(sink, track);
  if (length === null && !track.hasOwnLengths) return false;
  let end: number | null = null;
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    if (packet.timestamp > untilSeconds + LOOK_AHEAD_SECONDS) break;
    const seconds = length ?? packet.duration;
    const off = packet.timestamp - (end ?? packet.timestamp);
    if (Math.abs(off) * track.rateHz > TOLERANCE_SAMPLES && !isGap(off, seconds)) return false;
    end = packet.timestamp + seconds;
  }
  return true;
}

/** The length of the track's packets, where they are all of one that its codec has. */
async function packetSeconds(
  sink: EncodedPacketSink,
  { codec, rateHz }: RegularTrack,
): Promise<number | null> {
  let least = Number.POSITIVE_INFINITY;
  let count = 0;
  for await (const { duration } of sink.packets(undefined, undefined, { metadataOnly: true })) {
    least = Math.min(least, duration);
    count += 1;
    if (count === FIRST_PACKETS) break;
  }
  const samples = PACKET_SAMPLES[codec]?.find(
    (known) => Math.abs(least * rateHz - known) < TOLERANCE_SAMPLES,
  );
  return samples === undefined ? null : samples / rateHz;
}
