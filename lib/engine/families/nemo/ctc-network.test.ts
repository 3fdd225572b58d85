import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type AutomaticSpeechRecognitionPipeline,
  env,
  ParakeetFeatureExtractor,
  pipeline,
} from '@huggingface/transformers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NemoMel } from '@/lib/engine/audio/features/nemo-mel';
import { longSpeech, noise, speech } from '@/lib/engine/audio/features/test-signals';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { nemoCtcFiles } from '@/tools/random-models/nemo';
import { type CtcNetwork, ctcNetwork, searchCtc } from './ctc-network';
import { featuresOf } from './features';
import { parseTokens, type TokenList } from './tokens';

const clip = speech();
const AUDIO: [name: string, pcm: Float32Array][] = [
  ['the self-test clip', clip],
  ['1 s of it', clip.slice(16_000, 32_000)],
  ['15 s of speech', longSpeech(240_000)],
  ['5 s of noise', noise(80_000)],
];
const mel = new NemoMel(80);

async function openLayout(layout: 'nemo' | 'transformers') {
  const bytes = nemoCtcFiles({ layout });
  const file = (path: string) => bytes.get(path) ?? new Uint8Array(0);
  const isNemo = layout === 'nemo';
  const tokens = parseTokens(file(isNemo ? 'tokens.txt' : 'tokenizer.json'));
  const session = await nodeRuntime.open(file(isNemo ? 'model.onnx' : 'onnx/model.onnx'));
  return { bytes, tokens, network: ctcNetwork(nodeRuntime, session, tokens.classes) };
}

async function find(
  { network, tokens }: { network: CtcNetwork; tokens: TokenList },
  pcm: Float32Array,
) {
  const [scores] = await network.run([featuresOf(mel, pcm)]);
  if (!scores) throw new Error('No scores.');
  return searchCtc(scores.data, scores.frames, tokens.classes, tokens.blank);
}

describe('a CTC network of random weights', () => {
  let ours: Awaited<ReturnType<typeof openLayout>>;
  let nemo: Awaited<ReturnType<typeof openLayout>>;
  let peer: AutomaticSpeechRecognitionPipeline;
  let folder: string;

  beforeAll(async () => {
    [ours, nemo] = [await openLayout('transformers'), await openLayout('nemo')];
    folder = await mkdtemp(join(tmpdir(), 'nemo-ctc-'));
    for (const [path, data] of ours.bytes) {
      await mkdir(dirname(join(folder, 'random', path)), { recursive: true });
      await writeFile(join(folder, 'random', path), data);
    }
    env.allowRemoteModels = false;
    env.localModelPath = folder;
    peer = await pipeline('automatic-speech-recognition', 'random', { dtype: 'fp32' });
  });

  afterAll(async () => {
    await ours.network.release();
    await nemo.network.release();
    await peer.dispose();
    await rm(folder, { recursive: true });
  });

  /** Token ids of transformers.js: its features, its run of the network, its best classes. */
  async function peerIds(pcm: Float32Array): Promise<number[]> {
    expect(peer.processor.feature_extractor).toBeInstanceOf(ParakeetFeatureExtractor);
    const { logits } = await peer.model(await peer.processor(pcm));
    const [, frames, classes] = logits.dims as [number, number, number];
    const best = Array.from({ length: frames }, (_, frame) => {
      const row: number[] = Array.from(
        logits.data.subarray(frame * classes, (frame + 1) * classes),
      );
      return row.indexOf(Math.max(...row));
    });
    return best.filter((id, at) => id !== classes - 1 && id !== best[at - 1]);
  }

  it.each(AUDIO)('says what it says in transformers.js: %s', async (_, pcm) => {
    const found = await find(ours, pcm);
    expect(found.map(({ id }) => id)).toEqual(await peerIds(pcm));
    const { text } = await peer(pcm);
    // its decoder takes spaces away before some marks
    const letters = (said: string) => said.replaceAll(' ', '');
    const said = ours.tokens.decode(found.map(({ id }) => id));
    expect(letters(said)).toBe(letters(text));
    expect(found.length).toBeGreaterThan(2);
  });

  it.each(AUDIO)('says the same in the layout of NeMo: %s', async (_, pcm) => {
    const same = await find(nemo, pcm);
    const found = await find(ours, pcm);
    expect(same.map(({ id, firstFrame, endFrame }) => [id, firstFrame, endFrame])).toEqual(
      found.map(({ id, firstFrame, endFrame }) => [id, firstFrame, endFrame]),
    );
    for (const [at, { logProb }] of same.entries())
      expect(logProb).toBeCloseTo(found[at]?.logProb ?? Number.NaN, 3);
  });

  it('gives a row of a batch the scores it has alone', async () => {
    const rows = AUDIO.map(([, pcm]) => featuresOf(mel, pcm));
    const together = await nemo.network.run(rows);
    for (const [at, row] of rows.entries()) {
      const [alone] = await nemo.network.run([row]);
      expect(together[at]?.frames).toBe(alone?.frames);
      const far = Array.from(together[at]?.data ?? [], (score, index) =>
        Math.abs(score - (alone?.data[index] ?? Number.NaN)),
      );
      expect(Math.max(...far)).toBeLessThan(1e-3);
    }
  });

  it('refuses a list of another number of tokens', async () => {
    const session = await nodeRuntime.open(nemo.bytes.get('model.onnx') ?? new Uint8Array(0));
    expect(() => ctcNetwork(nodeRuntime, session, 1025)).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }),
    );
    await session.release();
  });
});

describe('searchCtc', () => {
  const BLANK = 2;
  /** Scores in which each frame's class has probability 0.8 and both others 0.1. */
  const spoken = (classes: number[]) =>
    Float32Array.from(
      classes.flatMap((best) => [0, 1, BLANK].map((at) => Math.log(at === best ? 0.8 : 0.1) + 3)),
    );

  it('takes neighbouring frames of a token once, and twice with a blank between', () => {
    const frames = [BLANK, 0, 0, BLANK, 0, 1, 1];
    expect(searchCtc(spoken(frames), frames.length, 3, BLANK)).toMatchObject([
      { id: 0, firstFrame: 1, endFrame: 3, logProb: expect.closeTo(Math.log(0.8), 5) },
      { id: 0, firstFrame: 4, endFrame: 5 },
      { id: 1, firstFrame: 5, endFrame: 7 },
    ]);
  });

  it('gives a token the probability of its best frame', () => {
    const scores = spoken([0, 0]);
    scores[0] = (scores[0] ?? 0) - 1;
    expect(searchCtc(scores, 2, 3, BLANK)[0]?.logProb).toBeCloseTo(Math.log(0.8), 5);
  });

  it('finds nothing without frames and in blanks', () => {
    expect(searchCtc(new Float32Array(0), 0, 3, BLANK)).toEqual([]);
    expect(searchCtc(spoken([BLANK, BLANK]), 2, 3, BLANK)).toEqual([]);
  });

  it('refuses scores that are not finite', () => {
    expect(() => searchCtc(new Float32Array(3).fill(Number.NaN), 1, 3, BLANK)).toThrow(
      expect.objectContaining({ code: 'RECOGNISE_FAILED' }),
    );
  });
});
