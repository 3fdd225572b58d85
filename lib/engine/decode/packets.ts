import type { DecodeNotice } from '@/lib/engine/audio';

/** One encoded packet on the media's own clock. */
export interface Packet {
  data: Uint8Array;
  /** From the media's start; below 0 for codec priming. */
  startSeconds: number;
  /** What the packet stands for, where the container counts samples: the sound may be trimmed. */
  exactSeconds: number | null;
}

/** Encoded audio in order, and what is known of it. */
export interface PacketStream {
  /** For `AudioDecoder`. */
  readonly config: AudioDecoderConfig;
  /** The first packet only prepares the decoder and gives no sound (Vorbis). */
  readonly firstIsSilent: boolean;
  /** `null` after the last. A promise only where the source must be read. */
  next(): Packet | null | Promise<Packet | null>;
  /** End of the sound in seconds, where the container states it; known at the end at the latest. */
  endSeconds(): number | null;
  /**
   * Called after the last packet: whether the source holds sound that was not in the packets, or
   * should hold more than it does.
   */
  isDoubtful(decodedSeconds: number): Promise<boolean>;
  readonly notices: readonly DecodeNotice[];
  /** The source's last packet stated its length. */
  readonly isComplete: boolean;
  close(): void;
}
