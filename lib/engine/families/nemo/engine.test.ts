import { describe, expect, it } from 'vitest';
import { longSpeech, noise, speech } from '@/lib/engine/audio/features/test-signals';
import type { SpeechModel } from '@/lib/engine/families/speech-model';
import type { InferenceRuntime } from '@/lib/engine/runtime/runtime';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import type { SpeechHypothesis } from '@/lib/engine/types';
import { nemoCtcFiles, tdtFiles } from '@/tools/random-models/nemo';
import { openNemoCtc, openTdt } from './engine';
import {
  CTC_PATHS,
  entryOf,
  filesOf,
  SPEECH,
  TDT_INT8_PATHS,
  TDT_PATHS,
  TRANSFORMERS_PATHS,
} from './test-model';

const clip = speech();
/** Of several lengths, two of them too short to hold speech. */
const BATCH = [
  clip,
  new Float32Array(0),
  clip.slice(10_000, 60_000),
  longSpeech(200_000),
  clip.slice(0, 1000),
  noise(60_000),
  clip.slice(8_000, 60_100),
];

const never = new AbortController().signal;
const recognise = (model: SpeechModel, batch: Float32Array[]) =>
  model.recognise(batch, SPEECH, never);
const textsOf = (hypotheses: readonly SpeechHypothesis[]) =>
  hypotheses.map(({ words }) => words.map(({ text }) => text).join(' '));

const MODELS: [name: string, open: () => Promise<SpeechModel>][] = [
  [
    'nemo-ctc',
    () => openNemoCtc(nodeRuntime, filesOf(nemoCtcFiles(), CTC_PATHS), entryOf('nemo-ctc')),
  ],
  ['tdt', () => openTdt(nodeRuntime, filesOf(tdtFiles(), TDT_PATHS), entryOf('tdt'))],
  [
    'tdt in int8',
    () =>
      openTdt(nodeRuntime, filesOf(tdtFiles({ precision: 'q8' }), TDT_INT8_PATHS), entryOf('tdt')),
  ],
];

describe.each(MODELS)('a %s model', (_, open) => {
  it('gives each segment the words it gives it alone, in the batch order', async () => {
    const model = await open();
    const { hypotheses, inferenceMs } = await recognise(model, BATCH);
    expect(hypotheses).toHaveLength(BATCH.length);
    expect(inferenceMs).toBeGreaterThan(0);
    for (const [at, pcm] of BATCH.entries()) {
      const alone = await recognise(model, [pcm]);
      expect(textsOf(alone.hypotheses)).toEqual(textsOf(hypotheses.slice(at, at + 1)));
    }
    expect(new Set(textsOf(hypotheses)).size).toBeGreaterThan(5);
    await model.release();
  });

  it('gives words in order, inside their segment, with sound confidence', async () => {
    const model = await open();
    const { hypotheses } = await recognise(model, BATCH);
    expect(hypotheses.flatMap(({ words }) => words).length).toBeGreaterThan(20);
    for (const [at, { words }] of hypotheses.entries())
      for (const [index, { startSample, endSample, confidence, text }] of words.entries()) {
        expect(startSample).toBeGreaterThanOrEqual(words[index - 1]?.endSample ?? 0);
        expect(endSample).toBeGreaterThan(startSample);
        expect(endSample).toBeLessThanOrEqual(BATCH[at]?.length ?? 0);
        expect(Number.isInteger(startSample) && Number.isInteger(endSample)).toBe(true);
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(text).toMatch(/^\S+$/);
      }
    await model.release();
  });

  it('finds no words in segments that are empty or too short', async () => {
    const model = await open();
    const { hypotheses } = await recognise(model, [new Float32Array(0), clip.slice(0, 1599)]);
    expect(hypotheses).toEqual([{ words: [] }, { words: [] }]);
    expect((await recognise(model, [])).hypotheses).toEqual([]);
    await model.release();
  });

  it('refuses samples that are not finite, and still works afterwards', async () => {
    const model = await open();
    const broken = clip.slice();
    broken[7000] = Number.NaN;
    await expect(recognise(model, [broken])).rejects.toMatchObject({ code: 'RECOGNISE_FAILED' });
    const { hypotheses } = await recognise(model, [clip]);
    expect(hypotheses[0]?.words.length).toBeGreaterThan(0);
    await model.release();
  });

  it('stops when the signal fires, before and between its steps', async () => {
    const model = await open();
    await expect(model.recognise([clip], SPEECH, AbortSignal.abort())).rejects.toMatchObject({
      code: 'ABORTED',
    });
    const controller = new AbortController();
    const running = model.recognise(
      Array.from({ length: 20 }, () => longSpeech(300_000)),
      SPEECH,
      controller.signal,
    );
    setTimeout(() => controller.abort(), 20);
    await expect(running).rejects.toMatchObject({ code: 'ABORTED' });
    await model.release();
  });
});

describe('the language of a transcript', () => {
  const open = (languages: [string, ...string[]]) =>
    openTdt(nodeRuntime, filesOf(tdtFiles({ hidden: 32 }), TDT_PATHS), entryOf('tdt', languages));

  it('is that of a model of one language, whatever was given', async () => {
    const model = await open(['en']);
    const result = await model.recognise([clip], { ...SPEECH, language: 'de' }, never);
    expect(result.language).toBe('en');
  });

  it('is the given one, or unknown, for a model of several languages', async () => {
    const model = await open(['en', 'de']);
    const german = await model.recognise([clip], { ...SPEECH, language: 'de' }, never);
    expect(german.language).toBe('de');
    expect((await model.recognise([clip], SPEECH, never)).language).toBeNull();
    const either = await model.recognise([clip], { ...SPEECH, language: 'en,de' }, never);
    expect(either.language).toBeNull();
  });
});

describe('opening', () => {
  it('takes weights from a file beside the graph', async () => {
    const entry = entryOf('nemo-ctc');
    const whole = await openNemoCtc(nodeRuntime, filesOf(nemoCtcFiles(), CTC_PATHS), entry);
    const want = await recognise(whole, [clip]);
    for (const [layout, paths] of [
      ['nemo', CTC_PATHS],
      ['transformers', TRANSFORMERS_PATHS],
    ] as const) {
      const files = filesOf(nemoCtcFiles({ layout, external: true }), paths);
      expect(files.has('networkData')).toBe(true);
      const model = await openNemoCtc(nodeRuntime, files, entry);
      const { hypotheses } = await recognise(model, [clip]);
      expect(textsOf(hypotheses)).toEqual(textsOf(want.hypotheses));
    }
    const exports = [tdtFiles(), tdtFiles({ external: true })];
    const said = exports.map(async (bytes) => {
      const model = await openTdt(nodeRuntime, filesOf(bytes, TDT_PATHS), entryOf('tdt'));
      return textsOf((await recognise(model, [clip])).hypotheses);
    });
    expect(await said[1]).toEqual(await said[0]);
  });

  it('runs the 128 bands of other exports', async () => {
    const files = filesOf(nemoCtcFiles({ bands: 128 }), CTC_PATHS);
    const model = await openNemoCtc(nodeRuntime, files, entryOf('nemo-ctc'));
    expect((await recognise(model, [clip])).hypotheses[0]?.words.length).toBeGreaterThan(0);
  });

  it('refuses a graph of another family, says what it found, and frees it', async () => {
    const open = trackedRuntime();
    const files = filesOf(tdtFiles({ hidden: 32 }), {
      network: TDT_PATHS.encoder,
      tokens: TDT_PATHS.tokens,
    });
    await expect(openNemoCtc(open.runtime, files, entryOf('nemo-ctc'))).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      details: { inputs: expect.stringContaining('audio_signal float32[batch, 128, time]') },
    });
    const ctc = filesOf(new Map([...tdtFiles({ hidden: 32 }), ...nemoCtcFiles()]), {
      ...TDT_PATHS,
      encoder: CTC_PATHS.network,
    });
    await expect(openTdt(open.runtime, ctc, entryOf('tdt'))).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      details: { outputs: expect.stringContaining('logprobs') },
    });
    expect(open.count()).toBe(0);
  });
});

describe('the times of words', () => {
  const aligner = (language: string, asked: (readonly string[])[] = []) => ({
    language,
    async align(_: Float32Array, words: readonly string[]) {
      asked.push(words);
      return words.map((_word, at) => ({ startSample: at * 10, endSample: at * 10 + 5 }));
    },
    release: async () => undefined,
  });
  const wordsBy = async (
    languages: string[],
    timing: ReturnType<typeof aligner> | null,
    spoken: string | null = null,
  ) => {
    const files = filesOf(tdtFiles(), TDT_PATHS);
    const model = await openTdt(nodeRuntime, files, entryOf('tdt', languages), timing);
    const options = { ...SPEECH, language: spoken };
    const { hypotheses } = await model.recognise([clip], options, never);
    await model.release();
    return hypotheses[0]?.words ?? [];
  };

  it("are the aligner's where it knows the language, and the words stay", async () => {
    const own = await wordsBy(['en'], null);
    const asked: (readonly string[])[] = [];
    const finer = await wordsBy(['en'], aligner('en', asked));
    expect(asked).toEqual([own.map(({ text }) => text)]);
    expect(finer.map(({ text }) => text)).toEqual(own.map(({ text }) => text));
    expect(finer.map(({ startSample }) => startSample)).toEqual(own.map((_, at) => at * 10));
    expect(await wordsBy(['en', 'de'], aligner('en'), 'en-GB')).toEqual(finer);
  });

  it("are the model's own in other languages, and in one that is not known", async () => {
    const own = await wordsBy(['de'], null);
    expect(await wordsBy(['de'], aligner('en'))).toEqual(own);
    expect(await wordsBy(['en', 'de'], aligner('en'), null)).toEqual(own);
  });
});

/** The runtime of the tests, counting sessions that were not released. */
function trackedRuntime() {
  let open = 0;
  const runtime: InferenceRuntime = {
    ...nodeRuntime,
    async open(...args) {
      const session = await nodeRuntime.open(...args);
      open++;
      return {
        ...session,
        async release() {
          open--;
          await session.release();
        },
      };
    },
  };
  return { runtime, count: () => open };
}
