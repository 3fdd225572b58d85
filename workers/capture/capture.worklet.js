// @ts-check
// An AudioWorklet is loaded by its address as it stands: no imports, no types to be removed.
// What comes in, at the context's rate and with any number of channels, goes out as mono PCM at
// 16 kHz in pieces of a tenth of a second (see protocol.ts).

const RATE_HZ = 16_000;
const PIECE_SAMPLES = 1600;

/** Zero crossings of the filter on each side: the longer, the steeper. */
const CROSSINGS = 24;

/** Where the filter begins to fall, as a part of the highest frequency that 16 kHz can hold. */
const ROLL_OFF = 0.92;

/** Of the Kaiser window: 80 dB between what passes and what does not. */
const BETA = 8;

/** Modified Bessel function of the first kind, order 0. @param {number} x */
function bessel0(x) {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-10 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** @param {number} a @param {number} b @returns {number} */
function commonDivisor(a, b) {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/**
 * From any rate to 16 kHz by a windowed-sinc filter with one set of weights for each place that an
 * output sample can have between two input samples (J. O. Smith, Digital Audio Resampling, 2002).
 */
class Resampler {
  /** @param {number} fromHz */
  constructor(fromHz) {
    const divisor = commonDivisor(fromHz, RATE_HZ);
    /** Input samples for each `phases` output samples. */
    this.step = fromHz / divisor;
    this.phases = RATE_HZ / divisor;
    // below 16 kHz nothing has to be cut off
    const cutoff = Math.min(1, RATE_HZ / fromHz) * ROLL_OFF;
    this.half = Math.ceil(CROSSINGS / cutoff);
    this.taps = 2 * this.half;
    this.weights = new Float32Array(this.phases * this.taps);
    for (let phase = 0; phase < this.phases; phase++) {
      const row = this.weights.subarray(phase * this.taps, (phase + 1) * this.taps);
      let sum = 0;
      for (let tap = 0; tap < this.taps; tap++) {
        const x = tap - this.half + 1 - phase / this.phases;
        const angle = Math.PI * x * cutoff;
        const sinc = Math.abs(angle) < 1e-9 ? 1 : Math.sin(angle) / angle;
        const edge = x / this.half;
        const window = edge * edge < 1 ? bessel0(BETA * Math.sqrt(1 - edge * edge)) : 0;
        row[tap] = sinc * window;
        sum += sinc * window;
      }
      for (let tap = 0; tap < this.taps; tap++) row[tap] = (row[tap] ?? 0) / sum;
    }
    // silence before the first sample, so that the first output sample lies on it
    this.input = new Float32Array(this.taps + 4096);
    this.filled = this.half - 1;
    /** Position of the next output sample: whole input samples in `input`, and the phase. */
    this.at = this.half - 1;
    this.phase = 0;
  }

  /**
   * @param {Float32Array} block input samples, at most 4096
   * @param {(sample: number) => void} give
   */
  push(block, give) {
    this.input.set(block, this.filled);
    this.filled += block.length;
    while (this.at + this.half < this.filled) {
      const row = this.phase * this.taps;
      const from = this.at - this.half + 1;
      let sum = 0;
      for (let tap = 0; tap < this.taps; tap++)
        sum += (this.input[from + tap] ?? 0) * (this.weights[row + tap] ?? 0);
      give(sum);
      this.phase += this.step;
      this.at += Math.floor(this.phase / this.phases);
      this.phase %= this.phases;
    }
    // what no later sample needs
    const drop = this.at - this.half + 1;
    this.input.copyWithin(0, drop, this.filled);
    this.filled -= drop;
    this.at -= drop;
  }
}

class CaptureProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate);
    this.mono = new Float32Array(128);
    this.piece = new Float32Array(PIECE_SAMPLES);
    this.count = 0;
    this.startSample = 0;
    this.level = 0;
    this.paused = true;
    this.over = false;
    this.port.onmessage = ({ data }) => {
      this.paused = data === 'pause';
      this.over ||= data === 'close';
    };
    /** @param {number} sample */
    this.take = (sample) => {
      this.piece[this.count++] = sample;
      this.level = Math.max(this.level, Math.abs(sample));
      if (this.count === PIECE_SAMPLES) this.post();
    };
  }

  /** @param {Float32Array[][]} inputs */
  process([channels = []]) {
    if (this.over) return false;
    if (this.paused) return true;
    const [first] = channels;
    const frames = first?.length ?? 128;
    if (this.mono.length !== frames) this.mono = new Float32Array(frames);
    const { mono } = this;
    // an input that is gone is silence: the recorder beside this one sees it so too
    mono.fill(0);
    for (const channel of channels)
      for (let i = 0; i < frames; i++)
        mono[i] = (mono[i] ?? 0) + (channel[i] ?? 0) / channels.length;
    this.resampler.push(mono, this.take);
    return true;
  }

  post() {
    const { piece: pcm, startSample, level } = this;
    const contextMs = (currentFrame / sampleRate) * 1000;
    this.port.postMessage({ pcm, startSample, level, contextMs }, [pcm.buffer]);
    this.piece = new Float32Array(PIECE_SAMPLES);
    this.startSample += this.count;
    this.count = 0;
    this.level = 0;
  }
}

registerProcessor('ai2text-capture', CaptureProcessor);
