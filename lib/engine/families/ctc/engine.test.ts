import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ortNetwork, type PhoneNetwork } from '@/lib/engine/alignment/phone-network';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { CtcEngine, sentenceCase } from './engine';
import { doubtful, readBuiltInModel, readBytes, SMALL_PHONES, smallModel } from './test-model';

const { entry } = readBuiltInModel();
const { files } = entry.backends.wasm;
const engineFiles = {
  vocabulary: readBytes(`public/models/${files.vocabulary.path}`),
  languageModel: readBytes(`public/models/${files.languageModel.path}`),
};
const clip = await readWavPcm(new Blob([readBytes(`public/models/${entry.knownClip.path}`)]));
const limits = { rows: 4, paddedSamples: 1e6, shortest: 0.5 };
const signal = new AbortController().signal;
const NO_WORDS = { hotWords: [] };

/** Recordings of several lengths and levels, of which none ends on a frame. */
const recordings = [
  clip.slice(0, 50_123),
  clip,
  clip.slice(9_000, 60_001).map((sample) => 0.1 * sample),
  clip.slice(0, 161),
];

describe.each(['wasm', 'webgpu'] as const)('the network of %s', (backend) => {
  let network: PhoneNetwork;

  beforeAll(async () => {
    const path = `public/models/${entry.backends[backend].files.network.path}`;
    network = ortNetwork(nodeRuntime, await nodeRuntime.open(new Uint8Array(readBytes(path))));
  });

  afterAll(() => network.release());

  it('scores a row of a padded batch as it scores it alone', async () => {
    const longest = clip.length + 777;
    const padded = new Float32Array(recordings.length * longest);
    for (const [row, pcm] of recordings.entries()) padded.set(pcm, row * longest);
    const together = await network.run(
      padded,
      recordings.map((pcm) => pcm.length),
    );
    for (const [row, pcm] of recordings.entries()) {
      const alone = await network.run(pcm, [pcm.length]);
      const from = row * together.frames * together.units;
      expect(alone.frames).toBe(Math.ceil(pcm.length / 480));
      let largest = 0;
      for (let at = 0; at < alone.data.length; at++)
        largest = Math.max(
          largest,
          Math.abs((alone.data[at] ?? 0) - (together.data[from + at] ?? Number.NaN)),
        );
      // sums run in another order; an int8 step that rounds the other way moves a score by more
      expect(largest).toBeLessThan(backend === 'wasm' ? 0.3 : 1e-3);
    }
  });

  it('gives the text of the self-test clip', async () => {
    const engine = new CtcEngine(network, engineFiles, {
      search: entry.search,
      limits,
      language: 'en',
    });
    const { hypotheses } = await engine.recognise([clip], NO_WORDS, signal);
    const words = hypotheses[0]?.words ?? [];
    const text = words.map((word) => word.text).join(' ');
    expect(text.toLowerCase()).toBe(entry.knownClip.text);
    for (const [at, word] of words.entries()) {
      expect(word.startSample).toBeGreaterThanOrEqual(words[at - 1]?.endSample ?? 0);
      expect(word.endSample).toBeGreaterThan(word.startSample);
      expect(word.endSample).toBeLessThanOrEqual(clip.length);
      expect(word.confidence).toBeGreaterThan(0);
      expect(word.confidence).toBeLessThanOrEqual(1);
    }
  });
});

describe('CtcEngine', () => {
  const scores = (data: Float32Array, frames: number): PhoneNetwork => ({
    run: async () => ({ data, frames, units: 40 }),
    release: async () => undefined,
  });
  const engineOf = (network: PhoneNetwork) =>
    new CtcEngine(network, engineFiles, { search: entry.search, limits, language: 'en' });

  describe('with a vocabulary of the user', () => {
    const vocabulary = { sampleRateHz: 16_000, frameSamples: 480, blank: 0, phones: SMALL_PHONES };
    const files = {
      vocabulary: new TextEncoder().encode(JSON.stringify(vocabulary)).buffer,
      languageModel: smallModel().buffer,
    };
    const network: PhoneNetwork = {
      // between "ban" and "pan"
      run: async () => ({ data: doubtful(1, 0.5, 2, 0.4), frames: 5, units: SMALL_PHONES.length }),
      release: async () => undefined,
    };
    const engine = new CtcEngine(network, files, { search: entry.search, limits, language: 'en' });
    const textWith = async (hotWords: string[] = []) => {
      const batch = [new Float32Array(5 * 480)];
      const { hypotheses } = await engine.recognise(batch, { hotWords }, signal);
      return hypotheses[0]?.words.map(({ text }) => text).join(' ');
    };

    it('finds its words and writes them as the user does', async () => {
      expect(await textWith(['PAN'])).toBe('PAN');
      expect(await textWith(['pan'])).toBe('Pan');
      expect(await textWith(['BAn'])).toBe('BAn');
    });

    it('drops words that are no longer given, and ignores what is not an entry', async () => {
      expect(await textWith()).toBe('Ban');
      expect(await textWith(['PAN'])).toBe('PAN');
      expect(await textWith([])).toBe('Ban');
      expect(await textWith(['', '42', 'pan pan pan pan pan pan'])).toBe('Ban');
    });

    it('keeps apart calls with different words that run at the same time', async () => {
      const calls = [textWith(['PAN']), textWith([]), textWith(['pAn'])];
      expect(await Promise.all(calls)).toEqual(['PAN', 'Ban', 'pAn']);
    });
  });

  it('refuses scores that are not finite', async () => {
    const broken = new Float32Array(2 * 40).fill(-3);
    broken[50] = Number.NaN;
    const call = engineOf(scores(broken, 2)).recognise([new Float32Array(960)], NO_WORDS, signal);
    await expect(call).rejects.toMatchObject({ code: 'RECOGNISE_FAILED', fatal: false });
  });

  it('refuses scores of the wrong shape', async () => {
    const call = engineOf(scores(new Float32Array(40), 1)).recognise(
      [new Float32Array(960)],
      NO_WORDS,
      signal,
    );
    await expect(call).rejects.toMatchObject({ code: 'RECOGNISE_FAILED' });
  });

  it('does nothing for an empty batch', async () => {
    const result = await engineOf(scores(new Float32Array(0), 0)).recognise([], NO_WORDS, signal);
    expect(result.hypotheses).toEqual([]);
  });

  it('stops when the call is cancelled', async () => {
    const call = engineOf(scores(new Float32Array(0), 0)).recognise(
      [clip],
      NO_WORDS,
      AbortSignal.abort(),
    );
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

const cased = (text: string, startsSentence = true) =>
  sentenceCase(text.split(' '), startsSentence).join(' ');

describe('sentenceCase', () => {
  it('begins a sentence with a capital and invents nothing else', () => {
    expect(cased('the old man sat down')).toBe('The old man sat down');
    expect(cased('the old man sat down', false)).toBe('the old man sat down');
  });

  it('writes I and its short forms with a capital wherever they stand', () => {
    expect(cased("if i knew i'd say i'm sure i'll come and i've gone", false)).toBe(
      "if I knew I'd say I'm sure I'll come and I've gone",
    );
  });

  it('leaves words alone that only begin with i', () => {
    expect(cased("it is in ida's ivy", false)).toBe("it is in ida's ivy");
  });

  it('keeps capitals as they are written, also at the beginning', () => {
    expect(cased('iPhone and McKinley in London')).toBe('iPhone and McKinley in London');
    expect(cased('london calling')).toBe('London calling');
  });

  it('finds the first letter after an apostrophe', () => {
    expect(cased("'twas so")).toBe("'Twas so");
  });

  it('takes no words', () => {
    expect(sentenceCase([], true)).toEqual([]);
  });
});
