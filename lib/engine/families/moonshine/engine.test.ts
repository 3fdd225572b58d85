import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import type { ModelFiles, SpeechModel } from '@/lib/engine/families/speech-model';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { generate } from '@/tools/random-models/presets';
import { MIN_SAMPLES } from './encoder';
import { openMoonshine, tokenLimit } from './engine';

const PATHS: Record<string, string> = {
  encoder: 'onnx/encoder_model.onnx',
  decoder: 'onnx/decoder_model_merged.onnx',
  tokenizer: 'tokenizer.json',
  config: 'config.json',
};

const options = { hotWords: [], language: null, task: 'transcribe' } as const;
const never = new AbortController().signal;
const bytes = generate('moonshine-random');
const speech = await readWavPcm(new Blob([readFileSync('e2e/fixtures/audio/speech.wav')]));

/** The generated model, some of its files replaced by text. */
function filesOf(changed: Record<string, string> = {}): ModelFiles {
  return {
    has: (role) => role in PATHS,
    nameOf: (role) => PATHS[role] ?? '',
    async read(role) {
      const text = changed[role];
      if (text !== undefined) return new TextEncoder().encode(text);
      return bytes.get(PATHS[role] ?? '') ?? new Uint8Array(0);
    },
  };
}

function open(
  aligner: Parameters<typeof openMoonshine>[3] = null,
  languages: [string, ...string[]] = ['en'],
): Promise<SpeechModel> {
  return openMoonshine(nodeRuntime, filesOf(), { languages }, aligner);
}

describe('a Moonshine model', () => {
  let model: SpeechModel;
  beforeAll(async () => {
    model = await open();
  });

  it('gives each segment its words in order, inside the segment, whatever stands beside it', async () => {
    const batch = [
      speech.subarray(0, 60_000),
      speech.subarray(20_000),
      speech.subarray(20_000, 80_000),
    ];
    const { hypotheses, language, inferenceMs } = await model.recognise(batch, options, never);
    expect(language).toBe('en');
    expect(inferenceMs).toBeGreaterThan(0);
    for (const [at, pcm] of batch.entries()) {
      const words = hypotheses[at]?.words ?? [];
      expect(words.length).toBeGreaterThan(2);
      let before = 0;
      for (const { text, startSample, endSample, confidence } of words) {
        expect(text.trim()).not.toBe('');
        expect(startSample).toBeGreaterThanOrEqual(before);
        expect(endSample).toBeGreaterThan(startSample);
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThanOrEqual(1);
        before = endSample;
      }
      expect(before).toBeLessThanOrEqual(pcm.length);
      const alone = await model.recognise([pcm], options, never);
      expect(alone.hypotheses[0]?.words.map(({ text }) => text)).toEqual(
        words.map(({ text }) => text),
      );
    }
  });

  it('gives a language of more tokens the room for them', async () => {
    const korean = await open(null, ['ko']);
    // the generated model does not come to an end here
    const textOf = async (one: SpeechModel) => {
      const pcm = speech.subarray(60_000, 90_000);
      const { hypotheses } = await one.recognise([pcm], options, never);
      return hypotheses[0]?.words.map(({ text }) => text).join(' ') ?? '';
    };
    const [short, long] = [await textOf(model), await textOf(korean)];
    expect(long.length).toBeGreaterThan(1.5 * short.length);
    expect(long.startsWith(short)).toBe(true);
    await korean.release();
  });

  it('treats segments too short for its convolutions as silence', async () => {
    const batch = [0, 1, MIN_SAMPLES - 1].map((length) => speech.subarray(0, length));
    const { hypotheses } = await model.recognise(batch, options, never);
    expect(hypotheses).toEqual(batch.map(() => ({ words: [] })));
    // one sample more changes the result: the bound is where the graph has it
    await expect(
      model.recognise([speech.subarray(0, MIN_SAMPLES)], options, never),
    ).resolves.toMatchObject({ hypotheses: [{}] });
  });

  it('asks the aligner for the times of its words', async () => {
    const asked: (readonly string[])[] = [];
    let released = 0;
    const aligned = await open({
      language: 'en',
      async align(_, words) {
        asked.push(words);
        return words.map((_word, at) => ({ startSample: at * 10, endSample: at * 10 + 5 }));
      },
      release: async () => {
        released += 1;
      },
    });
    const { hypotheses } = await aligned.recognise([speech.subarray(0, 80_000)], options, never);
    const words = hypotheses[0]?.words ?? [];
    expect(asked).toEqual([words.map(({ text }) => text)]);
    expect(words.map(({ startSample }) => startSample)).toEqual(words.map((_, at) => at * 10));
    await aligned.release();
    expect(released).toBe(1);
  });

  it('stops when the job is cancelled', async () => {
    const cancel = new AbortController();
    const run = model.recognise([speech, speech.slice()], options, cancel.signal);
    cancel.abort();
    await expect(run).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(model.recognise([speech], options, cancel.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
    // and continues with the next
    const { hypotheses } = await model.recognise([speech.subarray(0, 80_000)], options, never);
    expect(hypotheses[0]?.words.length).toBeGreaterThan(2);
  });

  it.each([
    ['{', 'MODEL_HASH_MISMATCH'],
    ['{}', 'MODEL_UNSUPPORTED'],
    [
      JSON.stringify({
        ...JSON.parse(new TextDecoder().decode(bytes.get('config.json'))),
        model_type: 'moonshine_streaming',
      }),
      'MODEL_UNSUPPORTED',
    ],
  ])('refuses the configuration %#', async (config, code) => {
    const files = filesOf({ config });
    await expect(openMoonshine(nodeRuntime, files, { languages: ['en'] }, null))
      .rejects //
      .toMatchObject({ code });
  });
});

describe('tokenLimit', () => {
  it('allows 6.5 tokens a second of English, and a word in the shortest segment', () => {
    expect(tokenLimit(10 * 16_000, 'en')).toBe(65);
    expect(tokenLimit(24_000, 'en-GB')).toBe(9);
    expect(tokenLimit(1_000, 'en')).toBe(6);
  });

  it('allows other languages twice as many, and one that is not known', () => {
    expect(tokenLimit(10 * 16_000, 'ko')).toBe(130);
    expect(tokenLimit(10 * 16_000, null)).toBe(130);
    expect(tokenLimit(1_000, 'ja')).toBe(6);
  });
});
