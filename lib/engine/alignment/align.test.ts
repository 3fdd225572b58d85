import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import { CtcEngine } from '@/lib/engine/families/ctc/engine';
import { readBuiltInModel, readBytes } from '@/lib/engine/families/ctc/test-model';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { openAligner, type WordAligner } from './align';
import { ortNetwork } from './phone-network';

const { entry } = readBuiltInModel();
const { files } = entry.backends.wasm;
const bytesOf = (path: string) => new Uint8Array(readBytes(`public/models/${path}`));
const clip = await readWavPcm(new Blob([readBytes(`public/models/${entry.knownClip.path}`)]));
const TEXT = entry.knownClip.text.split(' ');

/** What the model's own search gives for the clip. */
let searched: { startSample: number; endSample: number }[];
let aligner: WordAligner;

beforeAll(async () => {
  const parts = {
    network: bytesOf(files.network.path),
    vocabulary: bytesOf(files.vocabulary.path),
    languageModel: bytesOf(files.languageModel.path),
  };
  aligner = await openAligner(nodeRuntime, parts, entry);
  const network = ortNetwork(nodeRuntime, await nodeRuntime.open(parts.network));
  const engine = new CtcEngine(
    network,
    { vocabulary: parts.vocabulary.buffer, languageModel: parts.languageModel.buffer },
    {
      search: entry.search,
      limits: { rows: 1, paddedSamples: 1e6, shortest: 0.5 },
      language: 'en',
    },
  );
  const { signal } = new AbortController();
  const { hypotheses } = await engine.recognise([clip], { hotWords: [] }, signal);
  searched = hypotheses[0]?.words ?? [];
  await engine.release();
});

afterAll(() => aligner.release());

async function aligned(words: readonly string[], pcm = clip) {
  const times = await aligner.align(pcm, words);
  expect(times).toHaveLength(words.length);
  let free = 0;
  for (const { startSample, endSample } of times) {
    expect(startSample).toBeGreaterThanOrEqual(free);
    expect(endSample).toBeGreaterThan(startSample);
    expect(endSample).toBeLessThanOrEqual(pcm.length);
    free = endSample;
  }
  return times;
}

/** Median distance of starts from those of the search, in ms, for pairs of indices. */
function medianMs(
  times: readonly { startSample: number }[],
  pairs: readonly (readonly [number, number])[],
): number {
  const distances = pairs
    .map(([own, theirs]) => {
      const start = times[own]?.startSample ?? Number.NaN;
      return Math.abs(start - (searched[theirs]?.startSample ?? Number.NaN)) / 16;
    })
    .sort((a, b) => a - b);
  return distances[Math.floor(distances.length / 2)] ?? Number.NaN;
}

const same = TEXT.map((_, index) => [index, index] as const);

describe('WordAligner', () => {
  it('puts words where the search itself puts them', async () => {
    expect(searched).toHaveLength(TEXT.length);
    expect(medianMs(await aligned(TEXT), same)).toBeLessThan(60);
  });

  it('takes text as other models write it', async () => {
    const written = TEXT.map((word) => word.toUpperCase());
    expect(medianMs(await aligned(written), same)).toBeLessThan(60);
    const punctuated = TEXT.map((word, index) => (index % 2 ? `“${word},` : `${word}…`));
    expect(medianMs(await aligned(punctuated), same)).toBeLessThan(60);
  });

  it('keeps the positions of the other words when some are wrong, new or in another script', async () => {
    // the first new word makes the aligner learn to read
    for (const stranger of ['zorbaxian', 'слово', '1984', '$5.50', '—', 'U.S.']) {
      const words = TEXT.map((word, index) => (index === 4 ? stranger : word));
      const others = same.filter(([index]) => index !== 4);
      expect(medianMs(await aligned(words), others)).toBeLessThan(60);
    }
  }, 30_000);

  it('finds the words that were not said, and leaves the others in place', async () => {
    const words = TEXT.flatMap((word, index) =>
      index === 3 ? ['remarkable', word] : index === 8 ? ['seventeen', word] : [word],
    );
    const plain = await aligned(TEXT);
    const times = await aligned(words);
    let theirs = 0;
    for (const [own, word] of words.entries()) {
      if (!TEXT.includes(word)) continue;
      const start = times[own]?.startSample ?? Number.NaN;
      expect(Math.abs(start - (plain[theirs]?.startSample ?? 0)) / 16).toBeLessThan(50);
      expect(times[own]?.agreement).toBeGreaterThan(0.02);
      theirs++;
    }
    for (const word of ['remarkable', 'seventeen'])
      expect(times[words.indexOf(word)]?.agreement).toBeLessThan(0.02);
  });

  it('gives a word that cannot be read the time that it had', async () => {
    const words = TEXT.map((word, index) => (index === 7 ? 'ужасный' : word));
    const time = (await aligned(words))[7];
    const truth = searched[7];
    if (!time || !truth) throw new Error('no word');
    const middle = (time.startSample + time.endSample) / 2;
    expect(middle).toBeGreaterThan(truth.startSample);
    expect(middle).toBeLessThan(truth.endSample);
  });

  it('stays in order when words are missing or too many', async () => {
    const fewer = TEXT.filter((_, index) => index % 3 !== 1);
    const pairs = TEXT.flatMap((_, index) => (index % 3 === 1 ? [] : [index])).map(
      (theirs, own) => [own, theirs] as const,
    );
    expect(medianMs(await aligned(fewer), pairs)).toBeLessThan(60);
    await aligned([...TEXT, ...TEXT]);
  });

  it('spreads words that do not fit, and those of which none can be read', async () => {
    const many = Array.from({ length: 200 }, () => 'questions');
    expect((await aligned(many)).at(-1)?.endSample).toBe(clip.length);
    const other = await aligned(['他', '停下', '来了']);
    expect(other.at(-1)?.endSample).toBe(clip.length);
    expect(other[0]?.startSample).toBe(0);
  });

  it('gives no times for no words, and ordered ones in silence, noise and next to nothing', async () => {
    expect(await aligned([])).toEqual([]);
    await aligned(TEXT, new Float32Array(32_000));
    await aligned(
      TEXT,
      Float32Array.from({ length: 20_000 }, (_, at) => Math.sin(at * at)),
    );
    await aligned(['he'], clip.slice(0, 161));
    await aligned(TEXT, clip.slice(0, 900));
    await aligned(TEXT, new Float32Array(16_000).fill(Number.NaN));
  });

  it('does not throw for words without any PCM', async () => {
    expect(await aligner.align(new Float32Array(0), ['he', 'stopped'])).toHaveLength(2);
  });
});

describe('openAligner', () => {
  it('refuses files that are not of the model', async () => {
    const good = {
      network: bytesOf(files.network.path),
      vocabulary: bytesOf(files.vocabulary.path),
      languageModel: bytesOf(files.languageModel.path),
    };
    const broken = good.network.slice(0, 1000);
    const opened = (part: Partial<typeof good>) =>
      openAligner(nodeRuntime, { ...good, ...part }, entry);
    await expect(opened({ vocabulary: broken })).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
    });
    await expect(opened({ languageModel: broken })).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
    });
    await expect(opened({ network: broken })).rejects.toMatchObject({ name: 'AppError' });
  });
});
