import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import type { JobOptions } from './stages';
import { createTestStages } from './test-stages';
import { type RecognisedBatch, type ResumePoint, transcribe } from './transcribe';

const source = new Blob(['x']);
const OPTIONS: JobOptions = {
  modelId: 'm',
  hotWords: [],
  language: null,
  task: 'transcribe',
};
const START: ResumePoint = {
  checkpoint: null,
  batches: 0,
  decoder: null,
  audioTrack: null,
  tracks: null,
  options: OPTIONS,
};
const quiet = {
  onOpen: () => undefined,
  onReady: () => undefined,
  onDecoded: () => undefined,
};

/** Runs to the end, or until `stopAfter` batches were stored. */
async function collect(
  seconds: number,
  from = START,
  stopAfter = Number.POSITIVE_INFINITY,
  tracks = ['one'],
) {
  const stages = createTestStages(seconds);
  stages.tracks = tracks;
  stages.isTrackPerSpeaker = tracks.length > 1;
  const abort = new AbortController();
  const batches: RecognisedBatch[] = [];
  const events = {
    ...quiet,
    onBatch: async (batch: RecognisedBatch) => {
      batches.push(batch);
      if (batches.length >= stopAfter) abort.abort();
    },
  };
  const end = await transcribe(source, from, stages, events, abort.signal).catch(() => null);
  return { batches, end, stages };
}

const words = (batches: RecognisedBatch[]) =>
  batches.flatMap((batch) =>
    batch.speech.map((speech) => speech.hypothesis.words.map((word) => word.text).join(' ')),
  );

/** Lets every promise that is ready run. */
const turns = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('transcribe', () => {
  it('recognises every segment once and in order, the first one alone', async () => {
    const { batches, end } = await collect(100);
    expect(words(batches)).toEqual(Array.from({ length: 20 }, (_, i) => `w${i}`));
    expect(batches.map((batch) => batch.speech.length)).toEqual([1, 2, 4, 8, 5]);
    expect(end?.samples).toBe(100 * 16_000);
  });

  it('gives the same batches after a stop at any batch as in an unbroken run', async () => {
    const whole = await collect(150);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole.batches.length - 1 }), async (stopAfter) => {
        const first = await collect(150, START, stopAfter);
        const last = first.batches.at(-1);
        if (!last) throw new Error('nothing was stored before the stop');
        const rest = await collect(150, {
          ...START,
          checkpoint: last.checkpoint,
          batches: last.batches,
          decoder: last.decoder,
        });
        expect(words([...first.batches, ...rest.batches])).toEqual(words(whole.batches));
        expect([...first.batches, ...rest.batches].map((batch) => batch.speech.length)).toEqual(
          whole.batches.map((batch) => batch.speech.length),
        );
      }),
    );
  });

  it('recognises each track where it is wanted, in the order in which they speak', async () => {
    const { batches, end, stages } = await collect(
      30,
      { ...START, tracks: [] },
      Number.POSITIVE_INFINITY,
      ['one', 'two', 'silent'],
    );
    const expected = Array.from({ length: 6 }, (_, at) => [`w${at}`, `w${at + 1000}`]).flat();
    // the last segment of the second track does not end before the recording
    expect(words(batches)).toEqual(expected.slice(0, 11));
    expect(batches.flatMap(({ speech }) => speech.map(({ track }) => track))).toEqual(
      expected.slice(0, 11).map((_, at) => at % 2),
    );
    expect(batches.at(-1)?.untilSample).toBe(Number.POSITIVE_INFINITY);
    expect(end?.samples).toBe(30 * 16_000);
    expect(stages.closed).toBe(stages.opened);
  });

  describe('with tracks that cannot be decoded', () => {
    const tracks = ['ann.mp3', 'ben.mp3', 'cleo.mp3'];
    const each: ResumePoint = { ...START, tracks: [] };
    const run = async (broken: [number, number | null][], from = each) => {
      const stages = createTestStages(30);
      Object.assign(stages, { tracks, isTrackPerSpeaker: true, brokenTracks: new Map(broken) });
      const batches: RecognisedBatch[] = [];
      const onBatch = async (batch: RecognisedBatch) => void batches.push(batch);
      const signal = new AbortController().signal;
      const end = await transcribe(source, from, stages, { ...quiet, onBatch }, signal);
      return { batches, end, stages };
    };
    const heard = (batches: RecognisedBatch[]) => [
      ...new Set(batches.flatMap(({ speech }) => speech.map(({ track }) => track))),
    ];

    it.each([0, 1, 2])(
      'transcribes the others and says which one it was: track %i',
      async (track) => {
        const { batches, end, stages } = await run([[track, null]]);
        expect(heard(batches)).toEqual([0, 1, 2].filter((other) => other !== track));
        expect(end.notices).toEqual([
          { kind: 'track', atMs: 0, lengthMs: null, track: { index: track, name: tracks[track] } },
        ]);
        expect(stages.closed).toBe(stages.opened);
      },
    );

    it('says so of each, also after a stop', async () => {
      const broken: [number, number | null][] = [
        [0, null],
        [1, null],
      ];
      const { batches, end } = await run(broken);
      const [first] = batches;
      if (!first) throw new Error('There is no batch.');
      const point = { ...each, batches: first.batches, tracks: first.tracks };
      const rest = await run(broken, point);
      expect(words([first, ...rest.batches])).toEqual(words(batches));
      expect(rest.end.notices).toEqual(end.notices);
      expect(end.notices.map(({ track }) => track?.index)).toEqual([0, 1]);
    });

    it('keeps what one says until it breaks off', async () => {
      const { batches, end } = await run([[1, 20]]);
      const second = batches.flatMap(({ speech }) => speech.filter(({ track }) => track === 1));
      expect(second).toHaveLength(3);
      expect(end.notices).toMatchObject([{ kind: 'track', atMs: 20_000, track: { index: 1 } }]);
    });

    it.each([null, 0])('fails if none can be decoded', async (at) => {
      const all = tracks.map((_, track): [number, number | null] => [track, at]);
      await expect(run(all)).rejects.toMatchObject({ code: 'DECODE_FAILED' });
    });
  });

  it('gives the same batches of several tracks after a stop at any of them', async () => {
    const tracks = ['one', 'two', 'three'];
    const each: ResumePoint = { ...START, tracks: [] };
    const endless = Number.POSITIVE_INFINITY;
    const whole = await collect(90, each, endless, tracks);
    for (let stopAfter = 1; stopAfter < whole.batches.length; stopAfter += 1) {
      const first = await collect(90, each, stopAfter, tracks);
      const last = first.batches.at(-1);
      if (!last) throw new Error('nothing was stored before the stop');
      const point: ResumePoint = { ...each, batches: last.batches, tracks: last.tracks };
      const rest = await collect(90, point, endless, tracks);
      expect([...first.batches, ...rest.batches].map((batch) => words([batch]))).toEqual(
        whole.batches.map((batch) => words([batch])),
      );
    }
  });

  it('hands the vocabulary to the recogniser with every batch', async () => {
    const { stages } = await collect(40, {
      ...START,
      options: { ...OPTIONS, hotWords: ['Anna Schmidt', 'ctDNA'] },
    });
    expect(stages.hotWords).toEqual(Array(4).fill(['Anna Schmidt', 'ctDNA']));
  });

  it('stops reading while the recogniser is behind', async () => {
    const stages = createTestStages(3600);
    let go: () => void = () => undefined;
    const until = new Promise<void>((resolve) => {
      go = resolve;
    });
    stages.hold = { after: 0, until };
    const abort = new AbortController();
    const running = transcribe(
      source,
      START,
      stages,
      { ...quiet, onBatch: async () => undefined },
      abort.signal,
    );
    await turns();
    const readAtFirst = stages.reads;
    await turns();
    expect(stages.reads).toBe(readAtFirst);
    expect(readAtFirst).toBeLessThan(200);
    go();
    stages.hold = null;
    expect((await running).samples).toBe(3600 * 16_000);
  });

  it.each(['decode', 'segment', 'recognise'] as const)(
    'ends with the error of the %s stage and closes what it opened',
    async (stage) => {
      const stages = createTestStages(60);
      const error = new AppError('DECODE_FAILED', stage);
      const onBatch = async () => {
        stages.failNext[stage] = error;
      };
      const run = transcribe(
        source,
        START,
        stages,
        { ...quiet, onBatch },
        new AbortController().signal,
      );
      // one that read to the end before the failure was planted fails at the next chance
      await expect(run).rejects.toBe(error);
      expect(stages.closed).toBe(stages.opened);
    },
  );

  it('ends with the error of the store and loses no earlier batch', async () => {
    const stages = createTestStages(60);
    const full = new AppError('STORE_QUOTA', 'full');
    let stored = 0;
    const onBatch = async () => {
      if (stored === 2) throw full;
      stored += 1;
    };
    await expect(
      transcribe(source, START, stages, { ...quiet, onBatch }, new AbortController().signal),
    ).rejects.toBe(full);
    expect(stored).toBe(2);
    expect(stages.closed).toBe(stages.opened);
  });

  it('rejects with ABORTED when stopped while the recogniser works', async () => {
    const stages = createTestStages(60);
    stages.hold = { after: 0, until: new Promise(() => undefined) };
    const abort = new AbortController();
    const run = transcribe(
      source,
      START,
      stages,
      { ...quiet, onBatch: async () => undefined },
      abort.signal,
    );
    await turns();
    abort.abort();
    await expect(run).rejects.toMatchObject({ code: 'ABORTED' });
    expect(stages.closed).toBe(stages.opened);
  });

  it('reports silence as final, so that progress advances without speech', async () => {
    const stages = createTestStages(120, 0);
    const settled: number[] = [];
    await transcribe(
      source,
      START,
      stages,
      {
        ...quiet,
        onBatch: async () => undefined,
        onDecoded: (samples, isSettled) => {
          if (isSettled) settled.push(samples);
        },
      },
      new AbortController().signal,
    );
    expect(settled.at(-1)).toBe(120 * 16_000);
  });
});
