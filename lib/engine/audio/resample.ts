import { AppError } from '@/lib/core';
import { SAMPLE_RATE_HZ } from './constants';

/**
 * The functions of SpeexDSP's resampler, as `@echogarden/speex-resampler-wasm` exports them.
 * Pointers are byte offsets into the module's memory.
 */
export interface SpeexModule {
  HEAPF32: Float32Array;
  HEAP32: Int32Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _speex_resampler_init(
    channels: number,
    inputRateHz: number,
    outputRateHz: number,
    quality: number,
    errorPointer: number,
  ): number;
  _speex_resampler_destroy(state: number): void;
  _speex_resampler_skip_zeros(state: number): number;
  _speex_resampler_get_input_latency(state: number): number;
  _speex_resampler_process_float(
    state: number,
    channel: number,
    input: number,
    inputLength: number,
    output: number,
    outputLength: number,
  ): number;
}

/**
 * Measured (44.1 and 48 kHz to 16 kHz): flat within 0.25 dB up to 7 kHz, aliases below -109 dB, no
 * delay. 4 gains little time and lets aliases up to -84 dB; 6 is flat to 7 kHz and a third slower.
 */
const QUALITY = 5;

/** Input samples handed to the module at once: half a second of 48 kHz. */
const BLOCK_SAMPLES = 24_000;

/** Loads the module's JavaScript from `folderUrl`; its wasm lies beside it. */
export async function loadSpeex(folderUrl: string): Promise<SpeexModule> {
  const url = `${folderUrl}speex-resampler-simd.js`;
  // built by Emscripten and served as it is: a bundler would stumble over its Node branch
  const made: { default(options: object): Promise<SpeexModule> } = await import(
    /* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ url
  );
  return made.default({});
}

/**
 * Band-limited resampling of one mono stream to `SAMPLE_RATE_HZ`. Its phase is kept in integers,
 * so that two streams that begin at aligned input samples (`alignDown`) agree bit for bit as soon
 * as `historySamples` have gone by. Output sample 0 falls on input sample 0: there is no delay.
 */
export class Resampler {
  readonly ratio: RateRatio;
  /** Input samples before a point that its output depends on. */
  readonly historySamples: number;

  readonly #module: SpeexModule;
  /** 0 when the rates are equal and nothing needs to be done. */
  readonly #state: number;
  readonly #input: number;
  readonly #output: number;
  readonly #lengths: number;
  readonly #outputCapacity: number;
  readonly #latency: number;
  #inputCount = 0;
  #outputCount = 0;

  constructor(module: SpeexModule, rateHz: number) {
    this.#module = module;
    this.ratio = rateRatio(rateHz);
    this.#outputCapacity = outputCount(this.ratio, BLOCK_SAMPLES) + 16;
    if (rateHz === SAMPLE_RATE_HZ) {
      this.#state = this.#input = this.#output = this.#lengths = this.#latency = 0;
      this.historySamples = 0;
      return;
    }
    this.#lengths = module._malloc(8);
    this.#input = module._malloc(BLOCK_SAMPLES * 4);
    this.#output = module._malloc(this.#outputCapacity * 4);
    this.#state =
      this.#lengths && this.#input && this.#output
        ? module._speex_resampler_init(1, rateHz, SAMPLE_RATE_HZ, QUALITY, this.#lengths)
        : 0;
    if (this.#state === 0)
      throw new AppError('OUT_OF_MEMORY', `No memory to resample ${rateHz} Hz.`, { fatal: true });
    module._speex_resampler_skip_zeros(this.#state);
    this.#latency = module._speex_resampler_get_input_latency(this.#state);
    this.historySamples = 2 * this.#latency;
  }

  /** Takes input of any length; gives the output that it completes, in pieces. */
  push(mono: Float32Array): Float32Array<ArrayBuffer>[] {
    if (this.#state === 0) {
      this.#outputCount += mono.length;
      return [mono.slice()];
    }
    this.#inputCount += mono.length;
    return this.#process(mono);
  }

  /** Gives the output of the last `historySamples`, as if silence followed. */
  finish(): Float32Array<ArrayBuffer>[] {
    if (this.#state === 0) return [];
    const missing = outputCount(this.ratio, this.#inputCount) - this.#outputCount;
    const pieces: Float32Array<ArrayBuffer>[] = [];
    let left = missing;
    for (const piece of this.#process(new Float32Array(this.#latency + this.ratio.inputPeriod))) {
      const kept = piece.subarray(0, Math.max(0, left));
      left -= kept.length;
      if (kept.length > 0) pieces.push(kept);
    }
    return pieces;
  }

  /** Frees the module's memory; safe to call twice. */
  dispose(): void {
    if (this.#state === 0 || this.#disposed) return;
    this.#disposed = true;
    this.#module._speex_resampler_destroy(this.#state);
    for (const pointer of [this.#input, this.#output, this.#lengths]) this.#module._free(pointer);
  }
  #disposed = false;

  #process(mono: Float32Array): Float32Array<ArrayBuffer>[] {
    const module = this.#module;
    const pieces: Float32Array<ArrayBuffer>[] = [];
    let at = 0;
    while (at < mono.length) {
      const part = mono.subarray(at, at + BLOCK_SAMPLES);
      // the views are recreated by the module whenever its memory grows: never kept here
      module.HEAPF32.set(part, this.#input / 4);
      module.HEAP32[this.#lengths / 4] = part.length;
      module.HEAP32[this.#lengths / 4 + 1] = this.#outputCapacity;
      const status = module._speex_resampler_process_float(
        this.#state,
        0,
        this.#input,
        this.#lengths,
        this.#output,
        this.#lengths + 4,
      );
      const used = module.HEAP32[this.#lengths / 4] ?? 0;
      const made = module.HEAP32[this.#lengths / 4 + 1] ?? 0;
      if (status !== 0 || used === 0)
        throw new AppError('DECODE_FAILED', `The resampler stopped with status ${status}.`);
      const from = this.#output / 4;
      if (made > 0) pieces.push(module.HEAPF32.slice(from, from + made));
      this.#outputCount += made;
      at += used;
    }
    return pieces;
  }
}

/**
 * How input samples of one rate and output samples at `SAMPLE_RATE_HZ` fall together: every
 * `inputPeriod` input samples span exactly `outputPeriod` output samples (441 and 160 at 44.1 kHz).
 */
export interface RateRatio {
  rateHz: number;
  inputPeriod: number;
  outputPeriod: number;
}

/** @param rateHz a positive integer */
export function rateRatio(rateHz: number): RateRatio {
  const divisor = greatestCommonDivisor(rateHz, SAMPLE_RATE_HZ);
  return { rateHz, inputPeriod: rateHz / divisor, outputPeriod: SAMPLE_RATE_HZ / divisor };
}

/** The last input sample at or before `inputSample` that falls exactly on an output sample. */
export function alignDown(ratio: RateRatio, inputSample: number): number {
  return Math.floor(inputSample / ratio.inputPeriod) * ratio.inputPeriod;
}

/** The output sample that falls on an aligned input sample. */
export function outputAt(ratio: RateRatio, alignedInputSample: number): number {
  return (alignedInputSample / ratio.inputPeriod) * ratio.outputPeriod;
}

/** How many output samples begin before `inputSample` (exclusive end of the input). */
export function outputCount(ratio: RateRatio, inputSample: number): number {
  // split, since the plain product leaves the exact integers after some hours at 192 kHz
  const whole = Math.floor(inputSample / ratio.inputPeriod);
  const rest = inputSample - whole * ratio.inputPeriod;
  return whole * ratio.outputPeriod + Math.ceil((rest * ratio.outputPeriod) / ratio.inputPeriod);
}

/** The input sample at or before an output sample. */
export function inputAt(ratio: RateRatio, outputSample: number): number {
  const whole = Math.floor(outputSample / ratio.outputPeriod);
  const rest = outputSample - whole * ratio.outputPeriod;
  return whole * ratio.inputPeriod + Math.floor((rest * ratio.inputPeriod) / ratio.outputPeriod);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
