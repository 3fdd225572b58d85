import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Tensor } from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMoonshine } from '@/lib/engine/families/moonshine/engine';
import { openNemoCtc } from '@/lib/engine/families/nemo/engine';
import { CTC_PATHS, entryOf, filesOf } from '@/lib/engine/families/nemo/test-model';
import type { CachedDecoder } from '@/lib/engine/families/seq2seq/decoder';
import { openDecoder } from '@/lib/engine/families/seq2seq/open';
import { type LoadedParts, loadParts } from '@/lib/engine/families/whisper/parts';
import { repositoryFiles } from '@/lib/engine/families/whisper/test-files';
import type { Runtime } from '@/lib/engine/runtime/runtime';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { parseWave } from '@/lib/engine/runtime/wave';
import { generate } from '@/tools/random-models/presets';

/*
 * Tiny models with random weights by the exporter of the published files (tools/exports/random-exports.py):
 * what rewrites graphs has to take their names and shapes, and give what the graphs give by themselves.
 */

const EXPORTS = 'lib/engine/families/fixtures/exports';
type Bytes = Uint8Array<ArrayBuffer>;
const graphOf = (path: string): Bytes =>
  new Uint8Array(gunzipSync(readFileSync(`${EXPORTS}/${path}.onnx.gz`)));
const asPublished: Runtime = { ...nodeRuntime, kernels: null, asPublished: true };
const speech = parseWave(new Uint8Array(readFileSync('e2e/fixtures/audio/speech.wav')).buffer);
const options = { hotWords: [], language: 'en', task: 'transcribe' } as const;
const never = new AbortController().signal;

/** How encoder and decoder are run: in the quickest way, without kernels, token by token, as published. */
const RUNS: Record<string, [encoder: string, decoder: string][]> = {
  '': [
    ['kernels', 'loop'],
    ['graph', 'loop'],
    ['kernels', 'choice'],
    ['graph', 'graph'],
  ],
  _products: [
    ['kernels', 'kernels'],
    ['graph', 'loop'],
    ['kernels', 'choice'],
    ['graph', 'graph'],
  ],
  _fp16: [
    ['graph', 'choice'],
    ['graph', 'choice'],
    ['graph', 'choice'],
    ['graph', 'graph'],
  ],
};
const IDS = { startId: 502, endId: 501 };
const FIRST_TIME = 608;

const TOKENS = 12;
const WHISPER = generate('whisper-tiny-random');

/** The tokenizer of a generated model with the graphs and sizes of a real export. */
function exported(tokenizer: ReadonlyMap<string, Bytes>, name: string, precision = '') {
  const graph = (part: string) => graphOf(`${name}/${part}${precision}`);
  return repositoryFiles(
    new Map([
      ...tokenizer,
      ['config.json', new Uint8Array(readFileSync(`${EXPORTS}/${name}/config.json`))],
      ['onnx/encoder_model.onnx', graph('encoder_model')],
      ['onnx/decoder_model_merged.onnx', graph('decoder_model_merged')],
    ]),
  );
}

/** Encoder output that differs from row to row. */
function frames(rows: number, count: number, width: number): Tensor {
  const data = Float32Array.from(
    { length: rows * count * width },
    (_, at) => Math.sin(at * 0.37 + Math.floor(at / (count * width)) * 1.7) * 0.8,
  );
  return new nodeRuntime.Tensor('float32', data, [rows, count, width]);
}

/** Root mean square of the differences. */
function difference(left: Float32Array, right: Float32Array): number {
  const squares = left.reduce(
    (sum, value, at) => sum + (value - (right[at] ?? Number.NaN)) ** 2,
    0,
  );
  return Math.sqrt(squares / left.length);
}

/** Tokens of all rows, with the rules of times where there are times. */
async function tokensOf(
  decoder: CachedDecoder,
  encoded: Tensor,
  { startId, endId }: Record<'startId' | 'endId', number>,
  firstTime: number | null,
): Promise<number[][]> {
  const { Tensor } = nodeRuntime;
  const batch = decoder.begin(
    new Tensor('float32', (encoded.data as Float32Array).slice(), encoded.dims),
  );
  const timestamps = { firstId: firstTime ?? 0, endId, maxInitial: 50, monotonic: true };
  try {
    const rows = await batch.generate({
      prompts: Array.from({ length: batch.rows }, () => [startId]),
      endId,
      maxTokens: TOKENS,
      limits: { suppressed: [startId], timestamps: firstTime === null ? null : timestamps },
      suppressedFirst: [endId],
      temperature: 0,
      random: () => 0,
      signal: never,
    });
    return rows.map(({ tokens }) => tokens);
  } finally {
    batch.dispose();
  }
}

describe.each(Object.keys(RUNS))('a real export of Whisper (fp32 but for "%s")', (precision) => {
  const files = exported(WHISPER, 'whisper', precision);
  let opened: LoadedParts[] = [];

  beforeAll(async () => {
    for (const [runtime, stepwise] of [
      [nodeRuntime, false],
      [{ ...nodeRuntime, kernels: null }, false],
      [nodeRuntime, true],
      [asPublished, false],
    ] as const)
      opened.push(await loadParts(runtime, files, { stepwise }));
  });

  afterAll(async () => {
    for (const { encoder, decoder } of opened)
      await Promise.all([encoder.release(), decoder.release()]);
    opened = [];
  });

  it('is run in the quickest way that it allows', () => {
    const runs = opened.map(({ encoder, decoder }) => [encoder.run.by, decoder.run.by]);
    expect(runs).toEqual(RUNS[precision]);
  });

  it('encodes and chooses in every way what its graphs do', async () => {
    const encoded: Tensor[] = [];
    for (const { encoder } of opened)
      encoded.push(await encoder.encode(encoder.features([speech, speech.subarray(48_000)])));
    const right = encoded.at(-1);
    if (!right) throw new Error('nothing was encoded');
    // 8 bits: a value between two steps may be rounded to either
    const most = precision === '_products' ? 0.05 : 1e-3;
    for (const { dims, data } of encoded) {
      expect(dims).toEqual(right.dims);
      expect(difference(data as Float32Array, right.data as Float32Array)).toBeLessThan(most);
    }
    const found: number[][][] = [];
    for (const { decoder } of opened)
      found.push([
        ...(await tokensOf(decoder, right, IDS, null)),
        ...(await tokensOf(decoder, right, IDS, FIRST_TIME)),
      ]);
    for (const tokens of found) expect(tokens).toEqual(found.at(-1));
    expect(new Set(found.flat(2)).size).toBeGreaterThan(3);
  });

  it('shows where it heard words', async () => {
    const shown: Float32Array[] = [];
    for (const { decoder } of opened) {
      const batch = decoder.begin(frames(1, 1500, 32));
      const heads = await batch.crossAttention(0, [IDS.startId, 5, 7], [[1, 0]]);
      if (heads?.[0]) shown.push(heads[0].slice());
      batch.dispose();
    }
    expect(shown).toHaveLength(opened.length);
    for (const weights of shown)
      expect(difference(weights, shown.at(-1) ?? weights)).toBeLessThan(1e-3);
  });
});

describe('a real export of Moonshine', () => {
  it('chooses the same tokens in the loop, one by one and as published', async () => {
    const graph = graphOf('moonshine/decoder_model_merged');
    const sizes = { heads: 2, headSize: 16, vocabulary: 528 };
    const found: number[][][] = [];
    const by: string[] = [];
    for (const [runtime, stepwise] of [
      [nodeRuntime, false],
      [nodeRuntime, true],
      [asPublished, false],
    ] as const) {
      const decoder = await openDecoder(runtime, graph, { ...sizes, stepwise });
      by.push(decoder.run.by);
      found.push(await tokensOf(decoder, frames(2, 60, 32), { startId: 1, endId: 2 }, null));
      await decoder.release();
    }
    expect(by).toEqual(['loop', 'choice', 'graph']);
    for (const tokens of found) expect(tokens).toEqual(found[0]);
    expect(new Set(found.flat(2)).size).toBeGreaterThan(3);
  });

  it('says the same of recordings in the quickest way and as published', async () => {
    const files = exported(generate('moonshine-random'), 'moonshine');
    const said: string[][] = [];
    for (const runtime of [nodeRuntime, asPublished]) {
      const model = await openMoonshine(runtime, files, { languages: ['en'] }, null);
      // two together, and one of more frames than there are samples between two of them
      const batch = [
        speech.subarray(0, 24_000),
        speech.subarray(48_000, 72_000),
        speech.subarray(0, 160_000),
      ];
      const { hypotheses } = await model.recognise(batch, options, never);
      said.push(hypotheses.map(({ words }) => words.map(({ text }) => text).join('')));
      await model.release();
    }
    expect(said[0]).toEqual(said[1]);
    expect(said[0]?.join('').length).toBeGreaterThan(0);
  });
});

describe('a real export of Parakeet CTC', () => {
  it('says something of a recording, the same with others beside it', async () => {
    const files = filesOf(
      new Map([...generate('nemo-ctc-random'), ['model.onnx', graphOf('parakeet/model')]]),
      CTC_PATHS,
    );
    const model = await openNemoCtc(nodeRuntime, files, entryOf('nemo-ctc'));
    const part = speech.subarray(16_000, 96_000);
    const alone = await model.recognise([part], options, never);
    const beside = await model.recognise([part, speech], options, never);
    expect(alone.hypotheses[0]?.words.length).toBeGreaterThan(0);
    expect(beside.hypotheses[0]).toEqual(alone.hypotheses[0]);
    await model.release();
  });
});
