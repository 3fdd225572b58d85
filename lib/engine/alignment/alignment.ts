import { assert } from '@/lib/core';
import { SAMPLE_RATE_HZ, SAMPLES_PER_MS } from '@/lib/engine/audio';

/** Where one word lies in the frames, and how sure the network was of its units. */
export interface AlignedWord {
  /** The first and the last output frame of its units. */
  firstFrame: number;
  lastFrame: number;
  /** 0 to 1. */
  confidence: number;
}

/** How a state of the path was reached: from itself, from one back, from two back. */
type Step = 0 | 1 | 2;

/**
 * Finds where words lie in the network's output: the most probable CTC path through their units
 * (Viterbi over units with a blank between any two; Graves et al. 2006, section 4.1). A blank is
 * left out between different units when that is more probable, and frames of blank between words
 * belong to neither, so that words do not stretch over pauses.
 *
 * The confidence of a word is the geometric mean, over its units, of the highest probability that
 * the unit had among its frames, given that the frame is not a blank.
 *
 * Buffers are kept from call to call and grow as needed.
 */
export class Aligner {
  private steps = new Uint8Array(0);
  private scores = new Float64Array(0);
  private next = new Float64Array(0);
  private path = new Int32Array(0);

  /**
   * @param units width of the network's output; the blank is 0
   * @param blankPenalty taken off the blank's log-probability, as in the search
   */
  constructor(
    private readonly units: number,
    private readonly blankPenalty: number,
  ) {}

  /**
   * @param logProbs `frames * units` natural log-probabilities, all finite
   * @param words the units of each word, in order; together they must fit into the frames
   */
  align(logProbs: Float32Array, frames: number, words: readonly number[][]): AlignedWord[] {
    const targets = words.flat();
    if (targets.length === 0) return [];
    this.trace(logProbs, frames, targets);
    const aligned: AlignedWord[] = [];
    let frame = 0;
    let index = 0;
    for (const word of words) {
      let firstFrame = -1;
      let lastFrame = -1;
      let sum = 0;
      for (const unit of word) {
        const state = 2 * index + 1;
        while (frame < frames && (this.path[frame] ?? 0) < state) frame++;
        if (firstFrame < 0) firstFrame = frame;
        let best = Number.NEGATIVE_INFINITY;
        for (; frame < frames && this.path[frame] === state; frame++) {
          best = Math.max(best, spokenLogProb(logProbs, frame * this.units, unit));
          lastFrame = frame;
        }
        sum += best;
        index++;
      }
      const confidence = Math.min(1, Math.exp(sum / word.length));
      aligned.push({ firstFrame, lastFrame, confidence });
    }
    return aligned;
  }

  /** Fills `path` with the state of each frame: odd states are units, even ones blanks. */
  private trace(logProbs: Float32Array, frames: number, targets: readonly number[]): void {
    const states = 2 * targets.length + 1;
    this.reserve(frames, states);
    const { steps, path, units, blankPenalty } = this;
    let { scores, next } = this;
    scores.fill(Number.NEGATIVE_INFINITY, 0, states);
    scores[0] = (logProbs[0] ?? 0) - blankPenalty;
    scores[1] = logProbs[targets[0] ?? 0] ?? 0;
    for (let frame = 1; frame < frames; frame++) {
      const row = frame * units;
      for (let state = 0; state < states; state++) {
        const unit = state % 2 === 0 ? 0 : (targets[(state - 1) / 2] ?? 0);
        let best = scores[state] ?? Number.NEGATIVE_INFINITY;
        let step: Step = 0;
        const one = state > 0 ? (scores[state - 1] ?? best) : Number.NEGATIVE_INFINITY;
        if (one > best) {
          best = one;
          step = 1;
        }
        // a blank may be skipped between two units that differ
        if (unit !== 0 && state > 2 && targets[(state - 3) / 2] !== unit) {
          const two = scores[state - 2] ?? Number.NEGATIVE_INFINITY;
          if (two > best) {
            best = two;
            step = 2;
          }
        }
        next[state] = best + (logProbs[row + unit] ?? 0) - (unit === 0 ? blankPenalty : 0);
        steps[frame * states + state] = step;
      }
      [scores, next] = [next, scores];
    }
    const inUnit = scores[states - 2] ?? Number.NEGATIVE_INFINITY;
    const inBlank = scores[states - 1] ?? Number.NEGATIVE_INFINITY;
    assert(Math.max(inUnit, inBlank) > Number.NEGATIVE_INFINITY, 'the units fit into the frames');
    let state = inUnit > inBlank ? states - 2 : states - 1;
    for (let frame = frames - 1; frame >= 0; frame--) {
      path[frame] = state;
      state -= steps[frame * states + state] ?? 0;
    }
  }

  private reserve(frames: number, states: number): void {
    if (this.steps.length < frames * states) this.steps = new Uint8Array(frames * states);
    this.steps.fill(0, 0, states);
    if (this.path.length < frames) this.path = new Int32Array(frames);
    if (this.scores.length >= states) return;
    this.scores = new Float64Array(states);
    this.next = new Float64Array(states);
  }
}

/** log P(unit | not blank) in the frame that begins at `row`. */
function spokenLogProb(logProbs: Float32Array, row: number, unit: number): number {
  const blank = logProbs[row] ?? 0;
  // 1 - P(blank), kept off zero: with a sure blank the quotient means nothing
  const spoken = Math.max(-Math.expm1(Math.min(blank, 0)), 1e-6);
  return Math.min(0, (logProbs[row + unit] ?? 0) - Math.log(spoken));
}

/**
 * A CTC network peaks in the middle of a sound, not at its edges. Against the phone times of synthetic speech
 * (112 Arctic prompts by two flite voices, 1,013 words, wasm), a word began 34 ms before the centre of its
 * first frame and ended 44 ms after the centre of its last (medians; mean deviations 21 and 32 ms).
 */
const STARTS_BEFORE_SAMPLES = 34 * SAMPLES_PER_MS;
const ENDS_AFTER_SAMPLES = 44 * SAMPLES_PER_MS;

/** Share of the gap between two words that goes to the first, when it is too short for both margins. */
const FIRST_SHARE = ENDS_AFTER_SAMPLES / (STARTS_BEFORE_SAMPLES + ENDS_AFTER_SAMPLES);

/**
 * Start and end of each word in samples from the start of its segment: in order, not overlapping,
 * start < end, inside [0, samples]. Pauses belong to no word.
 * @param frameSamples samples from the centre of one output frame to the next; the first is at 0
 */
export function wordTimes(
  words: readonly AlignedWord[],
  frameSamples: number,
  samples: number,
): { startSample: number; endSample: number }[] {
  /** Where two neighbouring words meet; `null` when they are far enough apart to keep their margins. */
  const boundary = (before: AlignedWord | undefined, after: AlignedWord | undefined) => {
    if (!before || !after) return null;
    const from = before.lastFrame * frameSamples;
    const room = after.firstFrame * frameSamples - from;
    if (room >= STARTS_BEFORE_SAMPLES + ENDS_AFTER_SAMPLES) return null;
    return Math.round(from + FIRST_SHARE * room);
  };
  return words.map((word, index) => {
    const start = word.firstFrame * frameSamples - STARTS_BEFORE_SAMPLES;
    const end = word.lastFrame * frameSamples + ENDS_AFTER_SAMPLES;
    return {
      startSample: boundary(words[index - 1], word) ?? Math.max(0, start),
      endSample: boundary(word, words[index + 1]) ?? Math.min(samples, end),
    };
  });
}

/** Level is measured in steps of 10 ms. */
const STEP_SAMPLES = SAMPLE_RATE_HZ / 100;

/**
 * A word is over when its level stays this much below its loudest step, in dB. On training speech the
 * ends are then nearest to those of forced alignment; 18 to 25 dB make little difference.
 */
const FALL_DB = 22;

/**
 * Where the sound of a word ends, given only where the word and the next one begin: a pause after it is not
 * part of it. In noise as loud as the word its end cannot be found, and it lasts until the next.
 * @returns a sample in (startSample, endSample]
 */
export function findWordEnd(pcm: Float32Array, startSample: number, endSample: number): number {
  const powers: number[] = [];
  for (let from = startSample; from < endSample; from += STEP_SAMPLES) {
    const step = pcm.subarray(from, Math.min(from + STEP_SAMPLES, endSample));
    const sum = step.reduce((total, value) => total + value * value, 0);
    powers.push(sum / Math.max(1, step.length));
  }
  const least = Math.max(...powers) * 10 ** (-FALL_DB / 10);
  const last = powers.findLastIndex((power) => power > least);
  return last < 0 ? endSample : Math.min(endSample, startSample + (last + 1) * STEP_SAMPLES);
}
