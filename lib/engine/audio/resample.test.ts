import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSpeex, Resampler, type SpeexModule } from './resample';
import { type AudioBlock, PcmTimeline } from './timeline';

let speex: SpeexModule;
beforeAll(async () => {
  const folder = new URL(
    '../../../node_modules/@echogarden/speex-resampler-wasm/wasm/',
    import.meta.url,
  );
  speex = await loadSpeex(folder.href);
});

function join(pieces: Float32Array[]): Float32Array {
  const out = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

function resample(input: Float32Array, rateHz: number): Float32Array {
  const resampler = new Resampler(speex, rateHz);
  const out = join([...resampler.push(input), ...resampler.finish()]);
  resampler.dispose();
  return out;
}

const tone = (rateHz: number, frequencyHz: number, seconds: number) =>
  Float32Array.from(
    { length: Math.round(rateHz * seconds) },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * frequencyHz * i) / rateHz),
  );

const decibels = (pcm: Float32Array) =>
  10 * Math.log10(pcm.reduce((sum, x) => sum + x * x, 0) / pcm.length / 0.125 + 1e-20);

/** Away from the edges, where the signal starts and stops at once. */
const inner = (pcm: Float32Array) => pcm.subarray(1600, pcm.length - 1600);

describe.each([8_000, 22_050, 44_100, 48_000, 96_000, 192_000])('from %i Hz', (rateHz) => {
  it('keeps speech frequencies in level and in time', () => {
    for (const frequencyHz of [100, 1000, 3400]) {
      const out = inner(resample(tone(rateHz, frequencyHz, 1), rateHz));
      const wanted = inner(tone(16_000, frequencyHz, 1));
      const error = out.map((x, i) => x - (wanted[i] ?? 0));
      expect(decibels(error)).toBeLessThan(-75);
    }
  });

  it('gives as many samples as the input is long', () => {
    expect(resample(new Float32Array(rateHz / 10), rateHz).length).toBe(1600);
    expect(resample(new Float32Array(1), rateHz).length).toBe(Math.ceil(16_000 / rateHz));
  });
});

describe('from 48 kHz', () => {
  it('lets nothing above 8 kHz alias', () => {
    for (const frequencyHz of [8200, 10_000, 15_000, 20_000])
      expect(decibels(inner(resample(tone(48_000, frequencyHz, 1), 48_000)))).toBeLessThan(-100);
  });
});

describe('PcmTimeline', () => {
  /** PCM of a timeline that gets the signal in blocks cut at the given positions. */
  function lay(
    signal: Float32Array,
    rateHz: number,
    { cuts = [] as number[], position = 0, startSample = 0 } = {},
  ): Float32Array {
    const pieces: Float32Array[] = [];
    const timeline = new PcmTimeline(
      startSample,
      (rate) => new Resampler(speex, rate),
      (pcm) => pieces.push(pcm),
    );
    const bounds = [0, ...[...cuts].sort((a, b) => a - b), signal.length];
    bounds.slice(1).forEach((end, i) => {
      const from = bounds[i] ?? 0;
      timeline.add({ position: position + from, rateHz, mono: signal.subarray(from, end) });
    });
    timeline.finish();
    const out = join(pieces);
    expect(timeline.nextSample).toBe(startSample + out.length);
    return out;
  }

  /** As `toEqual`, which takes a tenth of a second for arrays of this length. */
  function expectSame(a: Float32Array, b: Float32Array): void {
    expect(a.length).toBe(b.length);
    expect(a.findIndex((x, i) => !Object.is(x, b[i]))).toBe(-1);
  }

  const noise = Float32Array.from({ length: 60_000 }, (_, i) => Math.sin(i * i * 0.37));

  it('does not depend on how the input is cut', () => {
    const whole = lay(noise, 44_100);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: noise.length })), (cuts) => {
        expectSame(lay(noise, 44_100, { cuts }), whole);
      }),
      { numRuns: 20 },
    );
  });

  it.each([11_025, 16_000, 44_100, 48_000])('is exact wherever it starts, at %i Hz', (rateHz) => {
    const whole = lay(noise, rateHz);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 500, max: 5000 }),
        (startSample, preroll) => {
          // the decoder began somewhere before, without regard to any grid
          const position = Math.max(0, Math.floor((startSample * rateHz) / 16_000) - preroll);
          const late = lay(noise.subarray(position), rateHz, { position, startSample });
          expectSame(late, whole.subarray(startSample));
        },
      ),
      { numRuns: 50 },
    );
  });

  const timelineOf = (blocks: AudioBlock[]) => {
    const pieces: Float32Array[] = [];
    const timeline = new PcmTimeline(
      0,
      (rate) => new Resampler(speex, rate),
      (pcm) => pieces.push(pcm),
    );
    for (const block of blocks) timeline.add(block);
    timeline.finish();
    return join(pieces);
  };
  const ones = (length: number) => new Float32Array(length).fill(1);

  it('drops what lies before the start', () => {
    const out = timelineOf([{ position: -100, rateHz: 16_000, mono: ones(150) }]);
    expect([...out]).toEqual([...ones(50)]);
  });

  it('fills a hole and a late start with silence', () => {
    const out = timelineOf([
      { position: 10, rateHz: 16_000, mono: ones(5) },
      { position: 40_000, rateHz: 16_000, mono: ones(5) },
    ]);
    expect(out.length).toBe(40_005);
    expect(out.reduce((sum, x) => sum + x, 0)).toBe(10);
    expect([...out.subarray(9, 16)]).toEqual([0, 1, 1, 1, 1, 1, 0]);
    expect(out[40_000]).toBe(1);
  });

  it('keeps what came first where blocks overlap', () => {
    const twos = new Float32Array(10).fill(2);
    const out = timelineOf([
      { position: 0, rateHz: 16_000, mono: ones(10) },
      { position: 5, rateHz: 16_000, mono: twos },
      { position: 2, rateHz: 16_000, mono: twos.subarray(0, 3) },
    ]);
    expect([...out]).toEqual([...ones(10), 2, 2, 2, 2, 2]);
  });

  it('continues at the right position when the rate changes', () => {
    const out = timelineOf([
      { position: 0, rateHz: 48_000, mono: tone(48_000, 400, 1) },
      { position: 44_100, rateHz: 44_100, mono: tone(44_100, 400, 1) },
    ]);
    expect(out.length).toBe(32_000);
    const wanted = tone(16_000, 400, 2);
    const error = out.map((x, i) => x - (wanted[i] ?? 0));
    expect(decibels(inner(error.subarray(0, 16_000)))).toBeLessThan(-75);
    expect(decibels(inner(error.subarray(16_000)))).toBeLessThan(-75);
  });
});
