import { alignDown, inputAt, outputAt, type RateRatio } from './resample';

/** Mono audio as decoded. `position` counts input samples (of this rate) from the media's start. */
export interface AudioBlock {
  position: number;
  rateHz: number;
  mono: Float32Array;
}

/** What a timeline needs of a resampler. */
export interface RateConverter {
  readonly ratio: RateRatio;
  readonly historySamples: number;
  push(mono: Float32Array): Float32Array<ArrayBuffer>[];
  finish(): Float32Array<ArrayBuffer>[];
  dispose(): void;
}

/** Silence is fed in pieces of this many input samples. */
const SILENCE = new Float32Array(16_384);

/** A span of the timeline at one rate. */
interface Section {
  converter: RateConverter;
  /** The next input sample, at this rate. */
  nextInput: number;
  /** The output sample that the converter's next one is. */
  nextOutput: number;
}

/**
 * Lays decoded blocks on one continuous line of PCM at `SAMPLE_RATE_HZ` from `startSample` on.
 * What lies before the media's start (codec priming) or before `startSample` is dropped, holes are
 * filled with silence so that times stay right, overlaps keep what came first, and a change of
 * sample rate starts a new converter at the position reached.
 *
 * The converter starts on an aligned input sample with its full history behind it, so PCM from
 * `startSample` equals, bit for bit, that of a timeline which began at 0.
 */
export class PcmTimeline {
  readonly #makeConverter: (rateHz: number) => RateConverter;
  readonly #emit: (pcm: Float32Array<ArrayBuffer>) => void;
  #section: Section | null = null;
  /** The next sample that is wanted from the converter. */
  #wanted: number;

  /**
   * @param emit gets the PCM in order; each piece is its own
   */
  constructor(
    startSample: number,
    makeConverter: (rateHz: number) => RateConverter,
    emit: (pcm: Float32Array<ArrayBuffer>) => void,
  ) {
    this.#wanted = startSample;
    this.#makeConverter = makeConverter;
    this.#emit = emit;
  }

  /** The sample that the next PCM begins with: all before it was emitted. */
  get nextSample(): number {
    return this.#wanted;
  }

  /** Where the next block should begin to follow on seamlessly; `null` before the first. */
  nextPosition(rateHz: number): number | null {
    const section = this.#section;
    return section && section.converter.ratio.rateHz === rateHz ? section.nextInput : null;
  }

  /** Adds a block; blocks come in order. */
  add(block: AudioBlock): void {
    let section = this.#section;
    if (section && section.converter.ratio.rateHz !== block.rateHz) {
      this.finish();
      section = null;
    }
    section ??= this.#start(block.rateHz);
    const skipped = section.nextInput - block.position;
    if (skipped >= block.mono.length) return;
    for (let hole = -skipped; hole > 0; hole -= SILENCE.length)
      this.#feed(section, SILENCE.subarray(0, Math.min(hole, SILENCE.length)));
    this.#feed(section, skipped > 0 ? block.mono.subarray(skipped) : block.mono);
  }

  /** Gives what the converter still holds. The timeline can continue, as after a change of rate. */
  finish(): void {
    const section = this.#section;
    if (!section) return;
    this.#take(section, section.converter.finish());
    this.dispose();
  }

  /** Frees the converter; what it still holds is lost. */
  dispose(): void {
    this.#section?.converter.dispose();
    this.#section = null;
  }

  #start(rateHz: number): Section {
    const converter = this.#makeConverter(rateHz);
    const { ratio, historySamples } = converter;
    const from = Math.max(0, inputAt(ratio, this.#wanted) - historySamples);
    const nextInput = alignDown(ratio, from);
    this.#section = { converter, nextInput, nextOutput: outputAt(ratio, nextInput) };
    return this.#section;
  }

  #feed(section: Section, mono: Float32Array): void {
    section.nextInput += mono.length;
    this.#take(section, section.converter.push(mono));
  }

  #take(section: Section, pieces: Float32Array<ArrayBuffer>[]): void {
    for (const piece of pieces) {
      const unwanted = Math.min(piece.length, Math.max(0, this.#wanted - section.nextOutput));
      section.nextOutput += piece.length;
      if (unwanted === piece.length) continue;
      this.#wanted += piece.length - unwanted;
      this.#emit(unwanted > 0 ? piece.slice(unwanted) : piece);
    }
  }
}
