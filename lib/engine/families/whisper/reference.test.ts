import { beforeAll, describe, expect, it } from 'vitest';
import type { DecoderBatch, TokenLimits } from '@/lib/engine/families/seq2seq/decoder';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { generate } from '@/tools/random-models/presets';
import { languageLogProbs, probabilityOf } from './language';
import { type LoadedFiles, loadFiles } from './load-files';
import { promptTokens } from './prompt';
import { tokenLimits } from './rules';
import { repositoryFiles } from './test-files';
import { openReference, type Reference, readSpeech } from './test-reference';

/*
 * Held to transformers.js 4.3.1, live: the same models, the same recordings, the same token ids.
 * Where its rules for times differ from Whisper's own, they are given to our decoder here.
 */

const MAX_TOKENS = 96;
const never = new AbortController().signal;
const speech = await readSpeech('e2e/fixtures/audio/speech.wav');
const clip = await readSpeech('public/models/ai2text-en/known-clip.wav');

/** 30 s of a sound that rises and falls, so that windows differ. */
const siren = Float32Array.from(
  { length: 480_000 },
  (_, at) => 0.3 * Math.sin(at * (0.03 + 0.01 * Math.sin(at / 20_000))),
);

const recordings = [speech.subarray(0, 480_000), clip, siren];

/** Repeats and joins the recordings to one of this length. */
function longRecording(seconds: number): Float32Array {
  const long = new Float32Array(seconds * 16_000);
  for (let at = 0, turn = 0; at < long.length; turn++) {
    const part = recordings[turn % recordings.length] ?? clip;
    long.set(part.subarray(0, long.length - at), at);
    at += part.length;
  }
  return long;
}

/** Chunks of 30 s that share 5 s with the next on both sides, as pipelines for long files cut them. */
function chunksOf(pcm: Float32Array): Float32Array[] {
  const chunks: Float32Array[] = [];
  for (let from = 0; from < pcm.length; from += 320_000)
    chunks.push(pcm.subarray(from, from + 480_000));
  return chunks;
}

describe.each([
  'whisper-tiny-random',
  'whisper-en-random',
  'whisper-v3-random',
  'whisper-timestamped-random',
])('%s', (name) => {
  let loaded: LoadedFiles;
  let reference: Reference;
  beforeAll(async () => {
    const files = generate(name);
    loaded = await loadFiles(nodeRuntime, repositoryFiles(files));
    reference = await openReference(files);
  }, 60_000);

  async function begin(windows: readonly Float32Array[]): Promise<DecoderBatch> {
    const { encoder, decoder } = loaded;
    return decoder.begin(await encoder.encode(encoder.features(windows)));
  }

  /** Token ids with the prompt and the end, as transformers.js gives them. */
  async function tokensOf(
    windows: readonly Float32Array[],
    { times, language }: { times: boolean; language: string },
  ): Promise<number[][]> {
    const { config } = loaded;
    const prompt = promptTokens(config, { language, task: 'transcribe', times });
    const plain: TokenLimits = { suppressed: config.suppressed, timestamps: null };
    const batch = await begin(windows);
    const rows = await batch.generate({
      prompts: windows.map(() => prompt),
      endId: config.endId,
      maxTokens: MAX_TOKENS,
      limits: times
        ? tokenLimits(config, { maxInitial: null, monotonic: false, noSpecial: false })
        : plain,
      suppressedFirst: config.suppressedFirst,
      temperature: 0,
      random: () => 0,
      signal: never,
    });
    batch.dispose();
    return rows.map(({ tokens, ended }) => [
      ...prompt,
      ...tokens,
      ...(ended ? [config.endId] : []),
    ]);
  }

  async function referenceTokens(
    windows: readonly Float32Array[],
    { times, language }: { times: boolean; language: string },
  ): Promise<number[][]> {
    const found: number[][] = [];
    for (const pcm of windows)
      found.push(
        await reference.tokens(pcm, {
          max_new_tokens: MAX_TOKENS,
          return_timestamps: times,
          ...(loaded.config.languages ? { language, task: 'transcribe' } : {}),
        }),
      );
    return found;
  }

  it.each([
    { times: false, language: 'en' },
    { times: true, language: 'de' },
  ])(
    'chooses the same tokens as transformers.js: %o',
    async (options) => {
      const expected = await referenceTokens(recordings, options);
      expect(await tokensOf(recordings, options)).toEqual(expected);
      // something that could differ was said
      expect(new Set(expected.flat()).size).toBeGreaterThan(20);
    },
    60_000,
  );

  it('chooses the same tokens for every chunk of a long recording', async () => {
    const chunks = chunksOf(longRecording(55));
    expect(chunks).toHaveLength(3);
    const options = { times: true, language: 'en' };
    const expected = await referenceTokens(chunks, options);
    expect(await tokensOf(chunks, options)).toEqual(expected);
  }, 60_000);

  it('finds the language and the silence that its forward pass gives', async () => {
    const { config } = loaded;
    const batch = await begin(recordings);
    const logits = await batch.firstLogits(config.startId);
    for (const [at, pcm] of recordings.entries()) {
      const own = logits[at] ?? new Float32Array(0);
      const theirs = await reference.logitsBehind(pcm, [config.startId]);
      const noSpeech = probabilityOf(own, config.noSpeechId);
      expect(noSpeech).toBeCloseTo(softmax(theirs)[config.noSpeechId] ?? -1, 4);
      if (!config.languages) continue;
      const ids = [...config.languages.values()];
      const expected = softmax(Float32Array.from(ids, (id) => theirs[id] ?? 0));
      const found = languageLogProbs(own, config.languages);
      for (const [place, probability] of expected.entries())
        expect(Math.exp(found[place] ?? -1)).toBeCloseTo(probability, 4);
    }
    batch.dispose();
  }, 60_000);
});

/** The plain formula, for small numbers. */
function softmax(logits: Float32Array): number[] {
  const exps = Array.from(logits, Math.exp);
  const sum = exps.reduce((a, b) => a + b, 0);
  return exps.map((value) => value / sum);
}
