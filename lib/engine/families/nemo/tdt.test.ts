import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { NemoMel } from '@/lib/engine/audio/features/nemo-mel';
import { longSpeech, noise, speech } from '@/lib/engine/audio/features/test-signals';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { tdtFiles } from '@/tools/random-models/nemo';
import { type NemoEncoder, openEncoder } from './encoder';
import { featuresOf } from './features';
import { type JointChoice, type JointNetwork, openJoint } from './joint-network';
import { type EncodedRow, searchTdt } from './tdt';
import { openPeer } from './test-parakeet-js';
import { parseTokens } from './tokens';

const clip = speech();
const fixture = await readWavPcm(new Blob([readFileSync('e2e/fixtures/audio/speech.wav')]));

const AUDIO: [name: string, pcm: Float32Array][] = [
  ['the self-test clip', clip],
  ['1 s of it', clip.slice(16_000, 32_000)],
  ['2.3 s of it, quiet', clip.slice(20_000, 56_800).map((sample) => sample / 30)],
  ['the recording of the end-to-end tests', fixture],
  ['15 s of speech', longSpeech(240_000)],
  ['8 s of noise', noise(128_000)],
  [
    '3 s of a rising tone',
    Float32Array.from({ length: 48_000 }, (_, at) => Math.sin(at * at * 1e-5)),
  ],
  ['2 s of silence', new Float32Array(32_000)],
];

const mel = new NemoMel(128);

async function openBoth(options: Parameters<typeof tdtFiles>[0]) {
  const bytes = tdtFiles(options);
  const file = (path: string) => bytes.get(path) ?? new Uint8Array(0);
  const tokens = parseTokens(file('vocab.txt'));
  const encoder = await openEncoder(nodeRuntime, file('encoder-model.onnx'), {});
  const joint = await openJoint(nodeRuntime, file('decoder_joint-model.onnx'), tokens, {});
  return { bytes, tokens, encoder, joint };
}

const noPause = async () => undefined;

// seed 6: a model that stays in a frame until it is moved on
describe.each([4, 6])('searchTdt on random weights (seed %i)', (seed) => {
  let encoder: NemoEncoder;
  let joint: JointNetwork;
  let blank: number;
  let peer: Awaited<ReturnType<typeof openPeer>>;

  beforeAll(async () => {
    // parakeet.js writes its progress there
    for (const method of ['log', 'table'] as const)
      vi.spyOn(console, method).mockImplementation(() => undefined);
    const opened = await openBoth({ seed });
    ({ encoder, joint } = opened);
    blank = opened.tokens.blank;
    peer = await openPeer(opened.bytes);
    return async () => {
      vi.restoreAllMocks();
      await encoder.release();
      await joint.release();
    };
  });

  const encoded = new Map<Float32Array, EncodedRow[]>();
  const encode = async (pcm: Float32Array) => {
    const rows = encoded.get(pcm) ?? (await encoder.run([featuresOf(mel, pcm)])).rows;
    encoded.set(pcm, rows);
    return rows;
  };

  it.each(AUDIO)('finds the tokens and frames that parakeet.js finds: %s', async (_, pcm) => {
    const [found = []] = await searchTdt(joint, await encode(pcm), blank, noPause);
    const want = await peer(pcm);
    expect(found.map(({ id }) => id)).toEqual(want.tokenIds);
    expect(found.map(({ firstFrame }) => firstFrame)).toEqual(want.frameIndices);
    for (const [at, { logProb }] of found.entries())
      expect(logProb).toBeCloseTo(want.logProbs[at] ?? Number.NaN, 3);
    const { data, frames } = featuresOf(mel, pcm);
    const fromOurs = await peer(pcm, { features: data, T: frames, melBins: 128 });
    expect(fromOurs.tokenIds).toEqual(want.tokenIds);
  });

  it('finds varied tokens, at frames in order', async () => {
    const [found = []] = await searchTdt(joint, await encode(longSpeech(240_000)), blank, noPause);
    expect(new Set(found.map(({ id }) => id)).size).toBeGreaterThan(10);
    for (const [at, { firstFrame, endFrame }] of found.entries()) {
      expect(firstFrame).toBeGreaterThanOrEqual(found[at - 1]?.firstFrame ?? 0);
      expect(endFrame).toBeGreaterThan(firstFrame);
    }
  });

  it('finds in rows side by side what it finds in each alone', async () => {
    const rows: EncodedRow[] = [];
    for (const [, pcm] of AUDIO) rows.push(...(await encode(pcm)));
    const together = await searchTdt(joint, rows, blank, noPause);
    for (const [at, row] of rows.entries()) {
      const [alone = []] = await searchTdt(joint, [row], blank, noPause);
      const places = (tokens: typeof alone) =>
        tokens.map(({ id, firstFrame, endFrame }) => [id, firstFrame, endFrame]);
      expect(places(together[at] ?? [])).toEqual(places(alone));
    }
  });

  it('finds in an encoder run of several rows what it finds in each alone', async () => {
    const rows = AUDIO.slice(0, 4).map(([, pcm]) => featuresOf(mel, pcm));
    const batch = await encoder.run(rows);
    const together = await searchTdt(joint, batch.rows, blank, noPause);
    for (const [at, row] of rows.entries()) {
      const [alone = []] = await searchTdt(joint, (await encoder.run([row])).rows, blank, noPause);
      expect(together[at]?.map(({ id }) => id)).toEqual(alone.map(({ id }) => id));
    }
  });
});

/** A network that answers from a list, whatever it is given. */
function scripted(choices: JointChoice[]) {
  const seen: { frame: number; target: number }[] = [];
  const network: JointNetwork = {
    maxRows: 1,
    width: 1,
    begin: () => {
      const frames = new Float32Array(1);
      const targets = new Int32Array(1);
      return {
        frames,
        targets,
        async step() {
          seen.push({ frame: frames[0] ?? -1, target: targets[0] ?? -1 });
          return [choices[seen.length - 1] ?? { token: BLANK, duration: 4, logProb: 0 }];
        },
        keep: () => false,
        dispose: () => undefined,
      };
    },
    release: async () => undefined,
  };
  return { network, seen };
}

const BLANK = 9;
/** Ten frames, each with its own number for a value. */
const NUMBERED: EncodedRow = {
  data: Float32Array.from({ length: 10 }, (_, at) => at),
  offset: 0,
  stride: 10,
  frames: 10,
};

describe('searchTdt', () => {
  const say = (token: number, duration: number): JointChoice => ({ token, duration, logProb: -1 });

  it('advances by durations, and by one frame after a blank without one', async () => {
    const { network, seen } = scripted([say(1, 2), say(BLANK, 0), say(2, 0), say(3, 4), say(4, 4)]);
    const [tokens = []] = await searchTdt(network, [NUMBERED], BLANK, noPause);
    expect(seen.map(({ frame }) => frame)).toEqual([0, 2, 3, 3, 7]);
    expect(seen.map(({ target }) => target)).toEqual([BLANK, 1, 1, 2, 3]);
    expect(tokens).toEqual([
      { id: 1, firstFrame: 0, endFrame: 2, logProb: -1 },
      { id: 2, firstFrame: 3, endFrame: 4, logProb: -1 },
      { id: 3, firstFrame: 3, endFrame: 7, logProb: -1 },
      { id: 4, firstFrame: 7, endFrame: 10, logProb: -1 },
    ]);
  });

  it('takes ten tokens from one frame and no more', async () => {
    const { network, seen } = scripted(Array.from({ length: 12 }, () => say(1, 0)));
    const [tokens = []] = await searchTdt(network, [NUMBERED], BLANK, noPause);
    expect(tokens.filter(({ firstFrame }) => firstFrame === 0)).toHaveLength(10);
    expect(seen[10]?.frame).toBe(1);
  });

  it('finds nothing in a row without frames, and does not run the network for it', async () => {
    const { network, seen } = scripted([]);
    const rows = [{ ...NUMBERED, frames: 0 }];
    expect(await searchTdt(network, rows, BLANK, noPause)).toEqual([[]]);
    expect(seen).toEqual([]);
  });

  it('ends when the pause throws', async () => {
    const { network } = scripted([]);
    const stop = async () => {
      throw new Error('stopped');
    };
    await expect(searchTdt(network, [NUMBERED], BLANK, stop)).rejects.toThrow('stopped');
  });
});
