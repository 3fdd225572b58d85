import { AppError, throwIfAborted } from '@/lib/core';
import type { ChannelBlock, DecodeNotice } from '@/lib/engine/audio';
import type { BlockSource } from './blocks';
import { JoinedBlocks } from './joined-blocks';
import type { Packet, PacketStream } from './packets';

/** Packets in the decoder at once: enough to keep its thread busy while this one works. */
const QUEUE_HIGH = 64;
const QUEUE_LOW = 32;

/** Chunk times only need an order; this keeps those of priming above 0, which Chromium wants. */
const CLOCK_OFFSET_SECONDS = 60;

/**
 * AAC decoders make up noise (perceptual noise substitution) from a random state that runs on, so
 * what they give depends on where they began. They are therefore restarted at fixed times: a run
 * that starts late begins at the one before and gives the same samples.
 */
const AAC_RESTART_SECONDS = 30;
/** Frames given to a restarted decoder for the overlap alone: LC needs one, HE some more. */
const RESTART_PACKETS = 4;
/** A stream that starts at a restart begins this much before it: room for those frames. */
const RESTART_LEAD_SECONDS = 1;

/** When the decoder is restarted, and where a run begins. */
export interface RestartPlan {
  everySeconds: number;
  /** Packets before the restart with this number are not decoded. */
  first: number;
  /** Where the packets should begin. */
  fromSeconds: number;
}

/**
 * @param fromSeconds where sound is wanted from, warm-up included
 * @returns `null` when the decoder's past does not matter after the warm-up
 */
export function planRestarts(codec: string, fromSeconds: number): RestartPlan | null {
  if (codec !== 'aac') return null;
  const first = Math.floor(fromSeconds / AAC_RESTART_SECONDS);
  return {
    everySeconds: AAC_RESTART_SECONDS,
    first,
    fromSeconds: Math.max(0, first * AAC_RESTART_SECONDS - RESTART_LEAD_SECONDS),
  };
}

/** The decoder refused or broke off; another one may still read the source. */
export class CodecStalled extends Error {
  override readonly name = 'CodecStalled';
}

/**
 * Packets through the browser's `AudioDecoder`. It is driven here, not by mediabunny's sink, for
 * speed (a third more) and since only packet by packet it is known what belongs where.
 */
export class CodecBlocks implements BlockSource {
  readonly #stream: PacketStream;
  readonly #decoder: AudioDecoder;
  readonly #joined = new JoinedBlocks();
  /** Packets whose sound is still to come, in order: decoders give one piece for each. */
  readonly #inside: { packet: Packet; isMuted: boolean }[] = [];
  readonly #restarts: RestartPlan | null;
  /** The restart that the packets follow. */
  #restart: number;
  /** The last packets, for the next restart. */
  readonly #recent: Packet[] = [];
  /** Kept back, since only after the last one is it known how much of it counts. */
  #held: { audio: AudioData; packet: Packet } | null = null;
  /** Where the last piece ends by its packet's time, in input samples. */
  #position: number | null = null;
  #skipOutput: boolean;
  #ended = false;
  #error: CodecStalled | null = null;
  #wake: (() => void) | null = null;

  /** @param restarts only for streams that can be read from any packet */
  constructor(stream: PacketStream, restarts: RestartPlan | null) {
    this.#stream = stream;
    this.#restarts = restarts;
    this.#restart = restarts?.first ?? 0;
    this.#skipOutput = stream.firstIsSilent;
    this.#decoder = new AudioDecoder({
      output: (audio) => this.#receive(audio),
      error: (cause) => {
        this.#error = new CodecStalled(`AudioDecoder: ${cause.message}`, { cause });
        this.#wake?.();
      },
    });
    this.#decoder.addEventListener('dequeue', () => {
      if (this.#decoder.decodeQueueSize <= QUEUE_LOW) this.#wake?.();
    });
    this.#decoder.configure(stream.config);
  }

  get notices(): readonly DecodeNotice[] {
    return this.#stream.notices;
  }

  get isComplete(): boolean {
    return this.#stream.isComplete;
  }

  isDoubtful(decodedSeconds: number): Promise<boolean> {
    return this.#stream.isDoubtful(decodedSeconds);
  }

  async next(signal: AbortSignal): Promise<ChannelBlock | null> {
    for (;;) {
      throwIfAborted(signal);
      const block = this.#joined.take();
      if (block) return block;
      if (this.#error) throw this.#error;
      if (this.#ended) return null;
      await this.#feed();
    }
  }

  close(): void {
    this.#ended = true;
    this.#stream.close();
    this.#held?.audio.close();
    this.#held = null;
    if (this.#decoder.state !== 'closed') this.#decoder.close();
    this.#wake?.();
  }

  /** Fills the decoder's queue, then waits until it has worked off half of it. */
  async #feed(): Promise<void> {
    while (this.#decoder.state === 'configured' && this.#decoder.decodeQueueSize < QUEUE_HIGH) {
      const read = this.#stream.next();
      const packet = read instanceof Promise ? await read : read;
      if (this.#decoder.state !== 'configured') return;
      if (!packet) {
        await this.#finish();
        return;
      }
      if (this.#restarts) await this.#keepPlan(packet, this.#restarts);
      else this.#decode(packet, false);
    }
    if (this.#decoder.decodeQueueSize <= QUEUE_LOW || this.#error) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
  }

  #decode(packet: Packet, isMuted: boolean): void {
    if (this.#decoder.state !== 'configured') return;
    this.#inside.push({ packet, isMuted });
    this.#decoder.decode(
      new EncodedAudioChunk({
        type: 'key',
        timestamp: Math.round((packet.startSeconds + CLOCK_OFFSET_SECONDS) * 1e6),
        data: packet.data,
      }),
    );
  }

  /** Decodes a packet, after a restart where one is due. */
  async #keepPlan(packet: Packet, { everySeconds, first }: RestartPlan): Promise<void> {
    const restart = Math.max(0, Math.floor(packet.startSeconds / everySeconds));
    const isDue = restart > this.#restart || (restart === first && !this.#hasBegun && first > 0);
    if (isDue) {
      await this.#flush();
      if (this.#decoder.state !== 'configured') return;
      this.#decoder.reset();
      this.#decoder.configure(this.#stream.config);
      this.#inside.length = 0;
      for (const before of this.#recent) this.#decode(before, true);
      this.#restart = restart;
    }
    if (restart >= first) {
      this.#hasBegun = true;
      this.#decode(packet, false);
    }
    // the data of some streams is a view of a window that moves on
    this.#recent.push({ ...packet, data: packet.data.slice() });
    if (this.#recent.length > RESTART_PACKETS) this.#recent.shift();
  }
  #hasBegun = false;

  async #flush(): Promise<void> {
    try {
      await this.#decoder.flush();
    } catch (cause) {
      // what broke is reported by the error callback, which comes first; a closed decoder has no more
      this.#error ??= new CodecStalled('AudioDecoder: flush was refused', { cause });
    }
  }

  async #finish(): Promise<void> {
    await this.#flush();
    const tail = this.#held?.audio;
    const rateHz = tail?.sampleRate ?? 0;
    const frames = tail?.numberOfFrames ?? 0;
    this.#emitHeld(true);
    // a demuxer may leave out a last packet that is too small to hold anything but silence
    const missing = Math.round((this.#stream.endSeconds() ?? 0) * rateHz) - (this.#position ?? 0);
    if (missing > 0 && missing <= frames) this.#joined.addSilence(missing);
    this.#joined.end();
    this.#ended = true;
  }

  #receive(audio: AudioData): void {
    if (this.#skipOutput) {
      this.#skipOutput = false;
      this.#inside.shift();
    }
    const { packet, isMuted } = this.#inside.shift() ?? {};
    if (!packet || isMuted || this.#ended) {
      audio.close();
      return;
    }
    this.#emitHeld(false);
    this.#held = { audio, packet };
  }

  #emitHeld(isLast: boolean): void {
    const held = this.#held;
    if (!held) return;
    this.#held = null;
    const { audio, packet } = held;
    try {
      this.#place(audio, packet, isLast);
    } catch (cause) {
      this.#error = new CodecStalled('Decoded audio could not be read', { cause });
    } finally {
      audio.close();
    }
  }

  #place(audio: AudioData, packet: Packet, isLast: boolean): void {
    const rateHz = audio.sampleRate;
    const frames = audio.numberOfFrames;
    let position = Math.round(packet.startSeconds * rateHz);
    // a first packet that stands for less than it holds begins before its time (Ogg clamps to 0)
    if (this.#position === null && packet.startSeconds <= 0 && packet.exactSeconds !== null)
      position = Math.min(
        position,
        Math.round((packet.startSeconds + packet.exactSeconds) * rateHz) - frames,
      );
    this.#position = position + frames;

    let to = frames;
    const end = isLast ? this.#stream.endSeconds() : null;
    if (end !== null) {
      const surplus = position + frames - Math.round(end * rateHz);
      // more than one packet too long is not padding: the container is wrong about its end
      if (surplus > 0 && surplus <= frames) to = frames - surplus;
    }
    this.#joined.add(audio, position / rateHz, 0, to);
  }
}

/** Whether this browser can decode it at all. */
export async function isDecodable(config: AudioDecoderConfig): Promise<boolean> {
  if (typeof AudioDecoder === 'undefined') return false;
  try {
    return (await AudioDecoder.isConfigSupported(config)).supported === true;
  } catch (cause) {
    if (cause instanceof TypeError) return false; // not a valid configuration
    throw new AppError('DECODE_FAILED', 'AudioDecoder cannot be asked.', { cause });
  }
}
