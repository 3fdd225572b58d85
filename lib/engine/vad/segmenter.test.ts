import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SAMPLES_PER_MS } from '@/lib/engine/audio/constants';
import { FRAME_SAMPLES } from './constants';
import { DEFAULT_SEGMENTER_OPTIONS, segmenterOptions } from './options';
import { SpeechSegmenter, type SpeechSpan } from './segmenter';

const OPTIONS = segmenterOptions();
const PAD = OPTIONS.speechPadMs * SAMPLES_PER_MS;
const MAX = OPTIONS.maxSegmentMs * SAMPLES_PER_MS;

interface Frames {
  probabilities: number[];
  levels: number[];
}

/** Runs of speech (high), doubt (between the thresholds) and silence, with some noise. */
const frames: fc.Arbitrary<Frames> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('speech', 'doubt', 'silence'),
      length: fc.oneof(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 45, max: 48 }),
        fc.integer({ min: 1, max: 900 }),
      ),
      seed: fc.integer({ min: 1, max: 1 << 30 }),
    }),
    { maxLength: 14 },
  )
  .map((runs) => {
    const probabilities: number[] = [];
    const levels: number[] = [];
    for (const { kind, length, seed } of runs) {
      let state = seed;
      for (let i = 0; i < length; i++) {
        state = (state * 48271) % 2147483647;
        const noise = state / 2147483647;
        const base = kind === 'speech' ? 0.5 : kind === 'doubt' ? 0.35 : 0;
        const range = kind === 'speech' ? 0.5 : kind === 'doubt' ? 0.149 : 0.349;
        probabilities.push(base + noise * range);
        levels.push(noise);
      }
    }
    return { probabilities, levels };
  });

function segment(
  { probabilities, levels }: Frames,
  { from, cuts = [] }: { from?: SpeechSpan['after']; cuts?: number[] } = {},
): SpeechSpan[] {
  const machine = new SpeechSegmenter(OPTIONS, from);
  const first = from?.nextFrame ?? 0;
  const edges = [...new Set([first, ...cuts.map((cut) => first + cut), probabilities.length])]
    .filter((edge) => edge >= first && edge <= probabilities.length)
    .sort((a, b) => a - b);
  const spans: SpeechSpan[] = [];
  edges.slice(1).forEach((end, i) => {
    const start = edges[i];
    spans.push(...machine.push(probabilities.slice(start, end), levels.slice(start, end)));
  });
  return [...spans, ...machine.finish(probabilities.length * FRAME_SAMPLES)];
}

/** Regions of speech by the plain rule, over the whole recording at once. */
function regions({ probabilities }: Frames): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  const minSilence = Math.round(OPTIONS.minSilenceMs / 32);
  let open: { from: number; to: number } | null = null;
  probabilities.forEach((probability, frame) => {
    if (open && probability >= OPTIONS.offThreshold) open.to = frame + 1;
    else if (open && frame + 1 - open.to >= minSilence) open = null;
    if (!open && probability >= OPTIONS.onThreshold) {
      open = { from: frame, to: frame + 1 };
      found.push(open);
    }
  });
  return found.filter(({ from, to }) => to - from >= Math.round(OPTIONS.minSpeechMs / 32));
}

describe('SpeechSegmenter', () => {
  it('gives ordered, disjoint, not empty segments of at most the longest length', () => {
    fc.assert(
      fc.property(frames, (given) => {
        let end = 0;
        for (const span of segment(given)) {
          expect(span.startSample).toBeGreaterThanOrEqual(end);
          expect(span.endSample).toBeGreaterThan(span.startSample);
          expect(span.endSample - span.startSample).toBeLessThanOrEqual(MAX);
          end = span.endSample;
        }
        expect(end).toBeLessThanOrEqual(given.probabilities.length * FRAME_SAMPLES);
      }),
    );
  });

  it('keeps every sample of the speech', () => {
    fc.assert(
      fc.property(frames, (given) => {
        const spans = segment(given);
        for (const { from, to } of regions(given)) {
          // walk through the segments that cover the region: they must join without a gap
          let at = from * FRAME_SAMPLES;
          for (const span of spans)
            if (span.startSample <= at && span.endSample > at) at = span.endSample;
          expect(at).toBeGreaterThanOrEqual(to * FRAME_SAMPLES);
        }
      }),
    );
  });

  it('gives nothing where there is no speech', () => {
    fc.assert(
      fc.property(frames, (given) => {
        const speech = regions(given);
        for (const span of segment(given)) {
          const touches = speech.some(
            ({ from, to }) =>
              from * FRAME_SAMPLES < span.endSample && to * FRAME_SAMPLES > span.startSample,
          );
          expect(touches).toBe(true);
        }
      }),
    );
  });

  it('does not depend on the pieces in which frames come', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat(3000)), (given, cuts) => {
        expect(segment(given, { cuts })).toEqual(segment(given));
      }),
    );
  });

  it('resumes after any segment as in an uninterrupted run', () => {
    fc.assert(
      fc.property(frames, (given) => {
        const spans = segment(given);
        spans.forEach(({ after }, index) => {
          expect(segment(given, { from: after })).toEqual(spans.slice(index + 1));
        });
      }),
    );
  });

  it('keeps the padding of 300 ms on both sides of a speech segment', () => {
    const given = pattern([60, 0.01], [100, 0.9], [60, 0.01]);
    expect(segment(given)).toMatchObject([
      { startSample: 60 * FRAME_SAMPLES - PAD, endSample: 160 * FRAME_SAMPLES + PAD },
    ]);
  });

  it('leaves pauses of a second inside a recording that fits in one segment', () => {
    const given = pattern([5, 0.01], [200, 0.9], [31, 0.01], [200, 0.9], [31, 0.01], [100, 0.9]);
    expect(segment(given)).toHaveLength(1);
  });

  it('ends a segment at a pause of one and a half seconds', () => {
    const given = pattern([100, 0.9], [50, 0.01], [100, 0.9]);
    expect(segment(given)).toHaveLength(2);
  });

  it('divides the start of a long recording at its first pause after four seconds', () => {
    const given = pattern([160, 0.9], [10, 0.01], [200, 0.9], [30, 0.01], [400, 0.9]);
    expect(segment(given)[0]?.endSample).toBe(165 * FRAME_SAMPLES);
  });

  it('divides what follows at a long pause late in the segment', () => {
    const given = pattern(
      [100, 0.9],
      [60, 0.01],
      [150, 0.9],
      [8, 0.01],
      [150, 0.9],
      [20, 0.01],
      [100, 0.9],
      [8, 0.01],
      [400, 0.9],
    );
    // the pause of 20 frames, of which padding takes 300 ms on the left
    expect(segment(given)[1]?.endSample).toBe((100 + 60 + 150 + 8 + 150) * FRAME_SAMPLES + PAD);
  });

  it('cuts speech without pauses at its quietest point, and continues there', () => {
    const given = pattern([900, 0.9]);
    for (let frame = 498; frame <= 502; frame++) given.levels[frame] = 0.01;
    const [first, second] = segment(given);
    expect(first?.endSample).toBe(500 * FRAME_SAMPLES + FRAME_SAMPLES / 2);
    expect(second?.startSample).toBe(first?.endSample);
  });

  it('takes a click of two frames for noise', () => {
    expect(segment(pattern([30, 0.01], [2, 0.99], [30, 0.01]))).toEqual([]);
  });

  it('does not hold on to the frames of hours of silence', () => {
    const machine = new SpeechSegmenter(OPTIONS);
    const silence = new Float32Array(1000);
    for (let i = 0; i < 400; i++) machine.push(silence, silence);
    expect(machine.neededFromFrame).toBe(400_000);
    expect(machine.neededFromSample).toBe(400_000 * FRAME_SAMPLES - PAD);
  });

  it('has defaults that are consistent', () => {
    expect(segmenterOptions()).toEqual(DEFAULT_SEGMENTER_OPTIONS);
  });
});

function pattern(...runs: [frames: number, probability: number][]): Frames {
  const probabilities = runs.flatMap(([count, value]) => new Array<number>(count).fill(value));
  return { probabilities, levels: probabilities.map(() => 0.5) };
}
