import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Diarisation } from './diarisation';
import type { Listener } from './listener';
import type { SegmentationNetwork } from './segmentation-network';
import { SegmentedListener } from './segmented-listener';
import { SpeechListener } from './speech-listener';
import {
  arithmeticEmbedding,
  arithmeticSegmentation,
  FRAME,
  soundOf,
  WINDOW,
} from './test-networks';

const MS_OF_FRAME = 10;
const free = async () => undefined;

/** @param cuts where the sound is cut into blocks */
async function heard(
  pcm: Float32Array,
  cuts: readonly number[] = [],
  listener: Listener = new SegmentedListener(arithmeticSegmentation, arithmeticEmbedding),
): Promise<Listener> {
  let from = 0;
  for (const to of [...[...cuts].sort((a, b) => a - b), pcm.length]) {
    await listener.push({ startSample: from, pcm: pcm.slice(from, to) }, free);
    from = to;
  }
  await listener.finish(free);
  return listener;
}

async function diarise(pcm: Float32Array) {
  return new Diarisation(await heard(pcm));
}

/** Turns as [speaker, first frame, last frame + 1]. */
const asFrames = ({ turns }: ReturnType<Diarisation['turns']>) =>
  turns.map(({ speaker, startMs, endMs }) => [speaker, startMs / MS_OF_FRAME, endMs / MS_OF_FRAME]);

describe('a recording of known speakers', () => {
  it('has their turns, whatever numbers they have in each window', async () => {
    const sound = soundOf([2, 300], [0, 50], [1, 250], [2, 200], [0, 100], [1, 300], [2, 150]);
    const found = (await diarise(sound)).turns('auto');
    expect(found.speakers).toBe(2);
    expect(asFrames(found)).toEqual([
      [0, 0, 300],
      [1, 350, 600],
      [0, 600, 800],
      [1, 900, 1200],
      [0, 1200, 1350],
    ]);
  });

  it('has overlaps of two', async () => {
    const sound = soundOf([1, 300], [12, 60], [2, 340]);
    expect(asFrames((await diarise(sound)).turns('auto'))).toEqual([
      [0, 0, 360],
      [1, 300, 700],
    ]);
  });

  it('has two who speak by turns, though the segmentation takes them for one voice', async () => {
    const blurred: SegmentationNetwork = {
      ...arithmeticSegmentation,
      run: async (pcm) =>
        (await arithmeticSegmentation.run(pcm)).map((bits) => (bits === 0 ? 0 : 1)),
    };
    const sound = soundOf([1, 180], [0, 30], [4, 190], [0, 30], [1, 170], [0, 30], [4, 170]);
    const listener = new SegmentedListener(blurred, arithmeticEmbedding);
    const found = new Diarisation(await heard(sound, [], listener)).turns('auto');
    expect(asFrames(found)).toEqual([
      [0, 0, 180],
      [1, 210, 400],
      [0, 430, 600],
      [1, 630, 800],
    ]);
  });

  it('has turns in one that is shorter than a window', async () => {
    expect(asFrames((await diarise(soundOf([1, 180]))).turns('auto'))).toEqual([[0, 0, 180]]);
  });

  it.each([
    ['silence', soundOf([0, 1000])],
    ['nothing', new Float32Array(0)],
  ])('has no turns in %s', async (_, sound) => {
    expect((await diarise(sound)).turns('auto')).toEqual({ speakers: 0, turns: [] });
  });

  it('gives the same result, however its sound is cut into blocks', async () => {
    const sound = soundOf([1, 333], [2, 217], [0, 40], [1, 410], [3, 199], [2, 300]);
    const whole = await heard(sound);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(sound.length), { maxLength: 12 }), async (cuts) => {
        expect((await heard(sound, cuts)).windows).toEqual(whole.windows);
      }),
      { numRuns: 20 },
    );
  });

  it('ends where its sound ends', async () => {
    const sound = soundOf([1, 3 * WINDOW]);
    for (const samples of [1, FRAME - 1, FRAME, WINDOW * FRAME, WINDOW * FRAME + 1]) {
      const { windows } = await heard(sound.slice(0, samples));
      const last = windows.at(-1);
      expect((last?.startFrame ?? 0) + (last?.activity.length ?? 0)).toBe(
        Math.ceil(samples / FRAME),
      );
    }
  });
});

describe('the number of speakers', () => {
  const sound = soundOf([1, 400], [2, 400], [4, 400], [5, 400], [1, 400], [4, 400]);

  it('is found, is what was asked for, or lies within limits', async () => {
    const diarisation = await diarise(sound);
    expect(diarisation.turns('auto').speakers).toBe(4);
    for (const exact of [1, 2, 3, 4]) expect(diarisation.turns({ exact }).speakers).toBe(exact);
    expect(diarisation.turns({ min: 1, max: 3 }).speakers).toBe(3);
    expect(diarisation.turns({ min: 2, max: 9 }).speakers).toBe(4);
  });

  it('joins the voices that are most alike when there are fewer', async () => {
    const turns = asFrames((await diarise(sound)).turns({ exact: 2 }));
    expect(turns).toEqual([
      [0, 0, 800],
      [1, 800, 1600],
      [0, 1600, 2000],
      [1, 2000, 2400],
    ]);
  });

  it('does not count who says less than 3 % of it: neighbours in time say that', async () => {
    const cough = soundOf([1, 4000], [0, 40], [6, 170], [0, 100], [2, 4000]);
    const found = (await diarise(cough)).turns('auto');
    expect(found.speakers).toBe(2);
    expect(asFrames(found)).toEqual([
      [0, 0, 4000],
      [0, 4040, 4210],
      [1, 4310, 8310],
    ]);
  });

  it('is one where nobody speaks long enough to be known', async () => {
    const found = (await diarise(soundOf([1, 30], [0, 300], [3, 30]))).turns('auto');
    expect(found.speakers).toBe(1);
  });
});

describe('a recording without a segmentation network', () => {
  it('has turns of the speech that a VAD found', async () => {
    const speech = (startSample: number, sound: Float32Array) => ({ startSample, pcm: sound });
    const listener = new SpeechListener(arithmeticEmbedding);
    await listener.push(speech(32_000, soundOf([1, 500])), free);
    await listener.push(speech(160_000, soundOf([3, 400])), free);
    await listener.push(speech(320_000, soundOf([1, 300], [3, 300])), free);
    const found = new Diarisation(listener).turns({ exact: 2 });
    expect(found.turns.slice(0, 2)).toEqual([
      { speaker: 0, startMs: 2000, endMs: 7000 },
      { speaker: 1, startMs: 10_000, endMs: 14_000 },
    ]);
    const [third, fourth] = found.turns.slice(2);
    expect([third?.speaker, third?.startMs, fourth?.speaker, fourth?.endMs]).toEqual([
      0, 20_000, 1, 26_000,
    ]);
    // the change is known to about half a window
    expect(Math.abs((third?.endMs ?? 0) - 23_000)).toBeLessThan(800);
  });
});
