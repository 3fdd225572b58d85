import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio/constants';
import type { SegmenterCheckpoint } from '@/lib/engine/vad/vad-session';
import { chooseTrack } from './choose-track';
import type { Decoder, DecodeSession, Segmenter, SegmentSession } from './stages';

/** A track is a row of seconds, each speech (`s`) or not (`-`); one that is `null` cannot be read. */
type Track = string | null;

/** Stages whose speech is one segment for each second of it. */
function stagesOf(tracks: Track[]) {
  const opened: number[] = [];
  /** Sessions that are open. */
  let left = 0;
  const decoder: Decoder = {
    async open(_source, { track: given }) {
      const track = given === 'all' ? 0 : given;
      const seconds = tracks[track ?? 0] ?? null;
      opened.push(track ?? 0);
      if (seconds === null) throw new AppError('DECODE_UNSUPPORTED', 'an unknown codec');
      left += 1;
      let at = 0;
      const session: Pick<DecodeSession, 'read' | 'close'> = {
        async read() {
          if (at >= seconds.length) return null;
          const pcm = new Float32Array(SAMPLE_RATE_HZ).fill(seconds[at] === 's' ? 1 : 0);
          const startSample = at++ * SAMPLE_RATE_HZ;
          return { startSample, pcm, peaks: { firstPeak: 0, values: new Uint8Array(0) } };
        },
        async close() {
          left -= 1;
        },
      };
      return session as DecodeSession; // the choice uses no more of it
    },
  };
  const segmenter: Segmenter = {
    async open() {
      const session: SegmentSession = {
        startSample: 0,
        nextStartSample: 0,
        async push({ startSample, pcm }) {
          if (pcm[0] !== 1) return [];
          const checkpoint = { version: 1, startSample } as SegmenterCheckpoint; // not looked at
          return [{ startSample, endSample: startSample + pcm.length, pcm, checkpoint }];
        },
        finish: async () => [],
        close: async () => undefined,
      };
      return session;
    },
  };
  return { stages: { decoder, segmenter }, opened, left: () => left };
}

const choose = (stages: { decoder: Decoder; segmenter: Segmenter }, count: number, preferred = 0) =>
  chooseTrack(
    new Blob(),
    Array.from({ length: count }, (_, index) => ({
      name: null,
      language: null,
      isDefault: index === preferred,
    })),
    stages,
    new AbortController().signal,
  );

const silent = '-'.repeat(120);
const speech = 's---s---'.repeat(15);

describe('the track that is transcribed', () => {
  it.each<[string, Track[], number, number]>([
    ['the second, where the first is silent', [silent, speech], 0, 1],
    ['the third of three', [silent, silent, speech], 0, 2],
    ['the first of two with speech', [speech, speech], 0, 0],
    ['the default one of two with speech', [speech, speech], 1, 1],
    ['another than a silent default one', [speech, silent], 1, 0],
    [
      'the one with more, where the first has next to none (music)',
      ['s'.padEnd(120, '-'), speech],
      0,
      1,
    ],
    ['the first, where it has less but enough', ['s-------'.repeat(15), speech], 0, 0],
    ['the first, where no track has any', [silent, silent], 0, 0],
    ['the second, where it begins to speak after minutes', [silent, silent + speech], 0, 1],
    ['the second, where the first cannot be read', [null, speech], 0, 1],
    ['the first, where the second cannot be read', [speech, null], 0, 0],
  ])('is %s', async (_, tracks, preferred, wanted) => {
    const { stages, left } = stagesOf(tracks);
    expect(await choose(stages, tracks.length, preferred)).toBe(wanted);
    expect(left()).toBe(0);
  });

  it('is found without opening the others where the first is full of speech', async () => {
    const { stages, opened } = stagesOf([speech, speech, speech]);
    await choose(stages, 3);
    expect(opened).toEqual([0]);
  });

  it('is not guessed where the source is gone', async () => {
    const { stages } = stagesOf([speech, speech]);
    stages.decoder.open = () => Promise.reject(new AppError('SOURCE_GONE', 'deleted'));
    await expect(choose(stages, 2)).rejects.toMatchObject({ code: 'SOURCE_GONE' });
  });
});
