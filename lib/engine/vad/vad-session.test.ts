import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio/constants';
import { STATE_SIZE } from './constants';
import { segmenterOptions } from './options';
import { ROW_SAMPLES, type VadNetwork } from './silero';
import type { SegmentedSpeech, SegmenterCheckpoint } from './vad-session';
import { VadSession } from './vad-session';

/** A network with recurrent state whose speech is loudness: a wrong state or context changes its answers. */
const loudness: VadNetwork = {
  async run(rows, state) {
    const next = state.slice();
    const probabilities = new Float32Array(rows.length / ROW_SAMPLES);
    for (let frame = 0; frame < probabilities.length; frame++) {
      let peak = 0;
      for (let i = 0; i < ROW_SAMPLES; i++)
        peak = Math.max(peak, Math.abs(rows[frame * ROW_SAMPLES + i] ?? 0));
      next[0] = 0.6 * (next[0] ?? 0) + 0.4 * peak;
      probabilities[frame] = Math.min(1, next[0] ?? 0);
    }
    return { probabilities, state: next };
  },
};

/** Bursts of noise: [seconds, loudness] one after another, every sample different. */
function recording(...parts: [seconds: number, loudness: number][]): Float32Array {
  const pcm = new Float32Array(
    Math.round(parts.reduce((sum, [seconds]) => sum + seconds, 0) * SAMPLE_RATE_HZ),
  );
  let at = 0;
  let state = 1;
  let end = 0;
  for (const [seconds, level] of parts) {
    end += seconds * SAMPLE_RATE_HZ;
    for (; at < Math.min(end, pcm.length); at++) {
      state = (state * 48271) % 2147483647;
      pcm[at] = level * (state / 1073741823.5 - 1);
    }
  }
  return pcm;
}

const TALK = recording(
  ...[0.7, 3, 0.4, 6, 2, 25, 0.3, 9, 5, 0.2, 40, 12, 0.5, 4, 0.3, 8].map(
    (seconds, i): [number, number] => [seconds, i % 2 === 1 ? 0.9 : 0.02],
  ),
);

async function run(
  pcm: Float32Array,
  { from = null, pieces = [] }: { from?: SegmenterCheckpoint | null; pieces?: number[] } = {},
): Promise<SegmentedSpeech[]> {
  const session = new VadSession(loudness, segmenterOptions(), from);
  const yieldToEventLoop = async () => undefined;
  const found: SegmentedSpeech[] = [];
  let at = session.startSample;
  for (const piece of [...pieces, pcm.length]) {
    const end = Math.min(at + piece, pcm.length);
    found.push(...(await session.push(at, pcm.slice(at, end), yieldToEventLoop)));
    at = end;
  }
  return [...found, ...(await session.finish(yieldToEventLoop))];
}

/** Segments with a hash in place of their samples: quick to compare, equal only when equal. */
function prints(segments: readonly SegmentedSpeech[]) {
  return segments.map(({ pcm, ...rest }) => {
    let hash = pcm.length;
    for (const bits of new Int32Array(pcm.buffer)) hash = (Math.imul(hash, 31) + bits) | 0;
    return { ...rest, hash };
  });
}

describe('VadSession', () => {
  it('gives the samples of the recording at the positions it names', async () => {
    const found = await run(TALK);
    expect(found.length).toBeGreaterThan(4);
    for (const { startSample, endSample, pcm } of found)
      expect(
        Buffer.from(pcm.buffer).equals(Buffer.from(TALK.slice(startSample, endSample).buffer)),
      ).toBe(true);
  });

  it('does not depend on the pieces in which PCM comes', async () => {
    const whole = prints(await run(TALK));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(300_000), { maxLength: 12 }), async (pieces) => {
        expect(prints(await run(TALK, { pieces }))).toEqual(whole);
      }),
      { numRuns: 15 },
    );
  });

  it('resumes from the checkpoint of any segment as in an uninterrupted run', async () => {
    const whole = await run(TALK);
    for (const [index, { checkpoint }] of whole.entries()) {
      // as it comes back from the store
      const from: SegmenterCheckpoint = JSON.parse(JSON.stringify(checkpoint));
      const rest = await run(TALK, { from, pieces: [40_000] });
      expect(prints(rest)).toEqual(prints(whole.slice(index + 1)));
    }
  });

  it('asks for PCM from less than a block and a segment before the position to resume from', async () => {
    for (const { endSample, checkpoint } of await run(TALK))
      expect(endSample - checkpoint.startSample).toBeLessThan(9 * SAMPLE_RATE_HZ);
  });

  it.each([0, 1, 511, 512, 1600])('takes a recording of %i samples', async (length) => {
    expect(await run(TALK.slice(0, length))).toEqual([]);
  });

  it('gives speech that fills the whole of a short recording', async () => {
    const pcm = recording([1, 0.9]);
    const [only] = await run(pcm);
    expect(only).toMatchObject({ startSample: 0, endSample: pcm.length });
  });

  it('stops where it is asked to', async () => {
    const session = new VadSession(loudness, segmenterOptions(), null);
    const stop = () => Promise.reject(new Error('stop'));
    await expect(session.push(0, TALK, stop)).rejects.toThrow('stop');
  });

  it('refuses PCM that does not follow what it has', async () => {
    const session = new VadSession(loudness, segmenterOptions(), null);
    await expect(session.push(7, TALK, async () => undefined)).rejects.toThrow('PCM must go on');
  });

  it.each([{ vadState: [1, 2] }, { nextFrame: -1 }, { startSample: 0.5 }, { startSample: 1e9 }])(
    'refuses a damaged checkpoint: %o',
    (damage) => {
      const good: SegmenterCheckpoint = {
        version: 1,
        startSample: 0,
        nextFrame: 10,
        floorSample: 0,
        speaking: false,
        vadState: new Array<number>(STATE_SIZE).fill(0),
      };
      const open = (from: SegmenterCheckpoint) =>
        new VadSession(loudness, segmenterOptions(), from);
      expect(open(good).startSample).toBe(0);
      expect(() => open({ ...good, ...damage })).toThrow('cannot be used');
    },
  );
});
