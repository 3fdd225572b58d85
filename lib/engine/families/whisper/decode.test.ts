import { describe, expect, it } from 'vitest';
import type {
  DecoderBatch,
  GenerateOptions,
  TokenRow,
} from '@/lib/engine/families/seq2seq/decoder';
import type { TextTokenizer } from '@/lib/engine/words/tokenizer';
import type { WhisperConfig } from './config';
import { decodeWindows, type RowRequest, seededRandom } from './decode';
import { usualRules } from './rules';

const END = 1000;
const TIME = 1010;

const config: WhisperConfig = {
  melBands: 80,
  encoderHeads: 2,
  decoderLayers: 2,
  decoderHeads: 1,
  decoderHeadSize: 8,
  vocabularySize: 3000,
  maxLength: 448,
  startId: 1001,
  endId: END,
  previousId: null,
  noTimesId: TIME - 1,
  firstTimeId: TIME,
  noSpeechId: TIME - 2,
  languages: null,
  tasks: null,
  suppressed: [7],
  suppressedFirst: [8, END],
  maxInitialTime: 50,
  alignmentHeads: null,
  shortestWindow: 30,
};

/** Every token is a word of its own: no two are alike, so that no text compresses well. */
const tokenizer: TextTokenizer = {
  decode: (ids) =>
    ids
      .filter((id) => id < END)
      .map((id) => ` ${((id + 1) * 2654435761).toString(36)}`)
      .join(''),
  idOf: () => null,
  isSpecial: (id) => id >= END,
};

const row = (tokens: number[], logProb = -0.2): TokenRow => ({
  tokens,
  logProbs: new Array(tokens.length + 1).fill(logProb),
  ended: true,
});

/** A decoder whose answers are written down: by temperature, then by row. */
class ScriptedBatch implements DecoderBatch {
  readonly rows: number;
  readonly asked: GenerateOptions[] = [];
  /** Rows that were stopped before their first token, by call. */
  readonly idle: number[][] = [];

  constructor(private readonly script: Record<number, TokenRow[]>) {
    this.rows = Object.values(script)[0]?.length ?? 0;
  }

  async generate(options: GenerateOptions): Promise<TokenRow[]> {
    this.asked.push(options);
    const rows = this.script[options.temperature] ?? this.script[1] ?? [];
    const idle: number[] = [];
    const answers = rows.map((answer, at) => {
      for (let length = 0; length <= answer.tokens.length; length++) {
        const tokens = answer.tokens.slice(0, length);
        if (!options.shouldStop?.(tokens, at)) continue;
        if (length === 0) idle.push(at);
        return { tokens, logProbs: answer.logProbs.slice(0, length), ended: false };
      }
      return answer;
    });
    this.idle.push(idle);
    return answers;
  }

  temperatures(): number[] {
    return this.asked.map(({ temperature }) => temperature);
  }

  firstLogits(): Promise<Float32Array[]> {
    return Promise.reject(new Error('not asked for'));
  }

  crossAttention(): Promise<null> {
    return Promise.resolve(null);
  }

  dispose(): void {
    // nothing is kept
  }
}

const never = new AbortController().signal;

function decode(batch: DecoderBatch, requests: RowRequest[], signal = never) {
  return decodeWindows(
    batch,
    requests,
    { config, tokenizer, rules: usualRules(config) },
    { hot: null, signal },
  );
}

const asked = (noSpeech = 0, seconds = 2): RowRequest => ({
  prompt: [1001],
  noSpeech,
  speechSamples: seconds * 16_000,
});
const good = [TIME, 1, 2, 3, TIME + 100];
const other = [TIME, 4, 5, 6, TIME + 90];
/** Twelve rounds of three tokens, each with times of its own, after two good tokens. */
const looping = [
  TIME,
  1,
  2,
  ...Array.from({ length: 12 }, (_, at) => [50, 51, 52, TIME + 10 * at, TIME + 10 * at]).flat(),
];

describe('decodeWindows', () => {
  it('takes good text as it is, at temperature 0', async () => {
    const batch = new ScriptedBatch({ 0: [row(good)] });
    const [found] = await decode(batch, [asked()]);
    expect(found?.tokens).toEqual(good);
    expect(found?.logProbs).toEqual(new Array(5).fill(-0.2));
    expect(batch.temperatures()).toEqual([0]);
  });

  it("asks with the model's limits, the usual rules for times, and room for the whole text", async () => {
    const batch = new ScriptedBatch({ 0: [row(good)] });
    await decode(batch, [asked()]);
    expect(batch.asked[0]).toMatchObject({
      prompts: [[1001]],
      endId: END,
      maxTokens: 447,
      suppressedFirst: [8, END],
      limits: {
        suppressed: [7, 1009, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008],
        timestamps: { firstId: TIME, endId: END, maxInitial: 50, monotonic: true },
      },
    });
  });

  it('tries a guessed text again at the next temperatures until one is good', async () => {
    const batch = new ScriptedBatch({
      0: [row(good, -1.5)],
      0.2: [row(good, -1.2)],
      0.4: [row(other, -0.9)],
    });
    const [found] = await decode(batch, [asked()]);
    expect(batch.temperatures()).toEqual([0, 0.2, 0.4]);
    expect(found?.tokens).toEqual(other);
  });

  it('decodes only those windows again whose text was bad', async () => {
    const batch = new ScriptedBatch({
      0: [row(good), row(good, -2), row(other)],
      0.2: [row([9]), row(other), row([9])],
    });
    const found = await decode(batch, [asked(), asked(), asked()]);
    expect(found.map(({ tokens }) => tokens)).toEqual([good, other, other]);
    expect(batch.idle).toEqual([[], [0, 2]]);
  });

  it('tries text again that says the same over and over', async () => {
    const again = Array.from({ length: 40 }, (_, at) => (at % 20 < 10 ? at % 10 : 9 - (at % 10)));
    const batch = new ScriptedBatch({ 0: [row([...again, ...again])], 0.2: [row(good)] });
    expect((await decode(batch, [asked()]))[0]?.tokens).toEqual(good);
  });

  it('gives no text, and tries no other temperature, where nobody speaks and the text was guessed', async () => {
    const batch = new ScriptedBatch({ 0: [row(good, -1.5), row(other, -0.5)] });
    const found = await decode(batch, [asked(0.7), asked(0.7)]);
    expect(found.map(({ tokens }) => tokens)).toEqual([[], other]);
    expect(batch.temperatures()).toEqual([0]);
  });

  it('stops a loop while it is being written, whatever its times, and tries again', async () => {
    const batch = new ScriptedBatch({ 0: [row(looping)], 0.2: [row(good)] });
    const [found] = await decode(batch, [asked()]);
    expect(batch.temperatures()).toEqual([0, 0.2]);
    expect(found?.tokens).toEqual(good);
  });

  it('keeps what came before a loop, and one round, when every temperature loops', async () => {
    const batch = new ScriptedBatch({ 0: [row(looping)], 1: [row(looping, -0.9)] });
    const [found] = await decode(batch, [asked()]);
    expect(batch.temperatures()).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(found?.tokens).toEqual([TIME, 1, 2, 50, 51, 52]);
    expect(found?.logProbs).toEqual(new Array(6).fill(-0.2));
  });

  it('keeps repetition that fits into the time, and cuts what never ends', async () => {
    const texts = looping.filter((id) => id < END).length;
    const long = asked(0, texts / 8);
    const said = new ScriptedBatch({ 0: [row(looping)] });
    expect((await decode(said, [long]))[0]?.tokens).toEqual(looping);
    expect(said.temperatures()).toEqual([0]);
    const endless = { ...row(looping), ended: false };
    const [cut] = await decode(new ScriptedBatch({ 0: [endless], 1: [endless] }), [long]);
    expect(cut?.tokens).toEqual([TIME, 1, 2, 50, 51, 52]);
    const short = new ScriptedBatch({ 0: [row(looping)], 1: [row(looping)] });
    expect((await decode(short, [asked(0, texts / 8 - 0.2)]))[0]?.tokens).toHaveLength(6);
  });

  it('uses the best of the rejected texts when none is good', async () => {
    const batch = new ScriptedBatch({
      0: [row(good, -2)],
      0.4: [row(other, -1.1)],
      1: [row(good, -3)],
    });
    expect((await decode(batch, [asked()]))[0]?.tokens).toEqual(other);
  });

  it('draws the same random numbers for the same temperature, so that a resumed job gives the same text', async () => {
    const draws = async () => {
      const batch = new ScriptedBatch({ 0: [row(good, -2)], 1: [row(good, -2)] });
      await decode(batch, [asked()]);
      return batch.asked.map(({ random }) => [random(), random(), random()]);
    };
    const first = await draws();
    expect(await draws()).toEqual(first);
    expect(new Set(first.map(String)).size).toBe(6);
  });

  it('stops between temperatures when it is aborted', async () => {
    const controller = new AbortController();
    const batch = new ScriptedBatch({ 0: [row(good, -2)] });
    const generate = batch.generate.bind(batch);
    batch.generate = (options) => {
      controller.abort();
      return generate(options);
    };
    await expect(decode(batch, [asked()], controller.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(batch.temperatures()).toEqual([0]);
  });
});

const draw = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

describe('seededRandom', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    expect(draw(3, 20)).toEqual(draw(3, 20));
    expect(draw(3, 20)).not.toEqual(draw(4, 20));
  });

  it.each([0, 1, 2, 3, 4, 5, -1, 0x5bd1e995])('is uniform in [0, 1) from seed %i', (seed) => {
    const numbers = draw(seed, 10_000);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    const tenths = new Array(10).fill(0);
    for (const number of numbers) tenths[Math.floor(number * 10)]++;
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
