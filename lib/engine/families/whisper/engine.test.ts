import { afterAll, describe, expect, it, vi } from 'vitest';
import type { ModelFiles, SpeechModel, SpeechOptions } from '@/lib/engine/families/speech-model';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { generate } from '@/tools/random-models/presets';
import { openWhisper } from './engine';
import { WhisperEncoder } from './network';
import { findLoop } from './quality';
import { repositoryFiles } from './test-files';
import { readSpeech } from './test-reference';
import { windowFrames } from './windows';

const never = new AbortController().signal;
const options: SpeechOptions = { hotWords: [], language: null, task: 'transcribe' };
const speech = await readSpeech('e2e/fixtures/audio/speech.wav');
const clip = await readSpeech('public/models/ai2text-en/known-clip.wav');
const batch = [clip, speech.subarray(0, 160_000), speech.subarray(0, 480_000)];
const MANY = ['en', 'de', 'fr'];

describe('openWhisper', { timeout: 120_000 }, () => {
  const opened = new Map<string, Promise<SpeechModel>>();
  const open = (name: string, languages = MANY) => {
    const key = [name, ...languages].join();
    const model =
      opened.get(key) ??
      openWhisper(nodeRuntime, repositoryFiles(generate(name)), { languages }, null);
    opened.set(key, model);
    return model;
  };
  afterAll(async () => {
    for (const model of opened.values()) await (await model).release();
  });

  it('gives words in order, inside their segment and sure between 0 and 1', async () => {
    const model = await open('whisper-tiny-random');
    const { hypotheses, language } = await model.recognise(batch, options, never);
    expect(hypotheses.length).toBe(batch.length);
    for (const [at, { words }] of hypotheses.entries()) {
      let reached = 0;
      for (const word of words) {
        expect(word.text).toMatch(/^\S+$/);
        expect(word.startSample).toBeGreaterThanOrEqual(reached);
        expect(word.endSample).toBeGreaterThan(word.startSample);
        expect(word.endSample).toBeLessThanOrEqual(batch[at]?.length ?? 0);
        expect(word.confidence).toBeGreaterThan(0);
        expect(word.confidence).toBeLessThanOrEqual(1);
        reached = word.endSample;
      }
    }
    expect(hypotheses.flatMap(({ words }) => words).length).toBeGreaterThan(10);
    expect(language).toMatch(/^[a-z]{2,3}$/);
  });

  it('gives the same again, also what was drawn at random', async () => {
    const silent = await open('whisper-silent-random');
    const tiny = await open('whisper-tiny-random');
    for (const model of [silent, tiny]) {
      const first = await model.recognise(batch, options, never);
      const second = await model.recognise(batch, options, never);
      expect(second.hypotheses).toEqual(first.hypotheses);
      expect(second.language).toBe(first.language);
    }
  });

  it('gives a window the same text alone as with others', async () => {
    const model = await open('whisper-tiny-random');
    const pinned = { ...options, language: 'en' };
    // each too long to share a window with another
    const long = speech.subarray(0, 250_000);
    const padded = new Float32Array(300_000);
    padded.set(long);
    const other = padded.map((sample) => -sample / 2).reverse();
    const alone = await model.recognise([padded], pinned, never);
    const together = await model.recognise([other, padded, other], pinned, never);
    expect(alone.hypotheses[0]?.words.length).toBeGreaterThan(5);
    expect(together.hypotheses[1]).toEqual(alone.hypotheses[0]);
  });

  it('gives a model of short windows only what there is, and reads them alike by any encoder', async () => {
    const files = repositoryFiles(generate('whisper-short-random'));
    const runtimes = [nodeRuntime, { ...nodeRuntime, kernels: null }];
    const pinned = { ...options, language: 'en' };
    const encode = vi.spyOn(WhisperEncoder.prototype, 'encode');
    const texts: string[] = [];
    try {
      for (const runtime of runtimes) {
        const model = await openWhisper(runtime, files, { languages: MANY }, null);
        for (const pcm of [clip, speech.subarray(0, 160_000), speech.subarray(0, 30_000)]) {
          const { hypotheses } = await model.recognise([pcm], pinned, never);
          texts.push((hypotheses[0]?.words ?? []).map(({ text }) => text).join(' '));
        }
        await model.release();
      }
      const frames = encode.mock.calls.map(([features]) => features.frames);
      const clipFrames = windowFrames(clip.length, 2);
      expect(frames).toEqual([clipFrames, 1056, 240, clipFrames, 1056, 240]);
    } finally {
      encode.mockRestore();
    }
    expect(texts.slice(0, 3)).toEqual(texts.slice(3));
    expect(texts.every((text) => text.length > 0)).toBe(true);
  });

  it('writes something else in another language, and as a translation', async () => {
    const model = await open('whisper-tiny-random');
    const textOf = async (wanted: Partial<SpeechOptions>) => {
      const result = await model.recognise([clip], { ...options, ...wanted }, never);
      return JSON.stringify(result.hypotheses);
    };
    const german = await textOf({ language: 'de' });
    expect(await textOf({ language: 'fr' })).not.toBe(german);
    expect(await textOf({ language: 'de', task: 'translate' })).not.toBe(german);
    expect(await textOf({ language: 'de-CH' })).toBe(german);
  });

  it('gives no text where the network finds no speech', async () => {
    const model = await open('whisper-silent-random');
    const { hypotheses, language } = await model.recognise(batch, options, never);
    expect(hypotheses.every(({ words }) => words.length === 0)).toBe(true);
    expect(language).toBeNull();
  });

  it('cuts the loops of a network that finds no end', async () => {
    const model = await open('whisper-looping-random');
    const { hypotheses } = await model.recognise([clip], options, never);
    const words = hypotheses[0]?.words.map(({ text }) => text) ?? [];
    const ids = [...new Set(words)];
    expect(words.length).toBeGreaterThan(0);
    expect(
      findLoop(
        words.map((text) => ids.indexOf(text)),
        444,
      ),
    ).toBeNull();
  });

  it('reports English for an English-only model, whatever language is given', async () => {
    const model = await open('whisper-en-random', ['en']);
    const asked = { ...options, language: 'de', task: 'translate' } as const;
    const result = await model.recognise([clip], asked, never);
    expect(result.language).toBe('en');
    expect(result).toMatchObject({
      hypotheses: (await model.recognise([clip], options, never)).hypotheses,
    });
  });

  it('takes a model of one language for that language', async () => {
    const model = await open('whisper-tiny-random', ['de']);
    expect((await model.recognise([clip], options, never)).language).toBe('de');
  });

  it("times words by the decoder's attention where the aligner does not know the language", async () => {
    const aligner = {
      language: 'de',
      align: () => Promise.reject(new Error('not needed')),
      release: () => Promise.resolve(),
    };
    const pinned = { ...options, language: 'en' };
    const shown = await openWhisper(
      nodeRuntime,
      repositoryFiles(generate('whisper-timestamped-random')),
      { languages: MANY },
      aligner,
    );
    const plain = await open('whisper-tiny-random');
    try {
      const wordsOf = async (model: SpeechModel, pcm: Float32Array) =>
        (await model.recognise([pcm], pinned, never)).hypotheses[0]?.words ?? [];
      const different: boolean[] = [];
      for (const pcm of [clip, speech, speech.toReversed()]) {
        const seen = await wordsOf(shown, pcm);
        const spread = await wordsOf(plain, pcm);
        expect(seen.map(({ text }) => text)).toEqual(spread.map(({ text }) => text));
        different.push(seen.some((word, at) => word.startSample !== spread[at]?.startSample));
      }
      expect(different).toContain(true);
    } finally {
      await shown.release();
    }
  });

  it('says that it cannot run what is not a Whisper model, and that a file is damaged', async () => {
    const files = (role: string, text: string): ModelFiles => {
      const preset = repositoryFiles(generate('whisper-tiny-random'));
      return {
        ...preset,
        read: async (one) => (one === role ? new TextEncoder().encode(text) : preset.read(one)),
      };
    };
    const fail = (role: string, text: string) =>
      openWhisper(nodeRuntime, files(role, text), { languages: MANY }, null);
    await expect(fail('config', '{"model_type":"moonshine"}')).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    });
    await expect(fail('generation', '{')).rejects.toMatchObject({ code: 'MODEL_HASH_MISMATCH' });
    await expect(fail('tokenizer', '[]')).rejects.toMatchObject({ code: 'MODEL_HASH_MISMATCH' });
  });

  it('refuses an encoder of another number of mel bands than the configuration says', async () => {
    const small = repositoryFiles(generate('whisper-tiny-random'));
    const large = repositoryFiles(generate('whisper-v3-random'));
    const mixed: ModelFiles = {
      ...small,
      read: (role) => (role === 'encoder' ? large : small).read(role),
    };
    await expect(openWhisper(nodeRuntime, mixed, { languages: MANY }, null)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    });
  });
});
