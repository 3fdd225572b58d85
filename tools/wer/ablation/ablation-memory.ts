// Parts of a Whisper that remember what they gave: a window is encoded when something of it is new.
import { Tensor } from 'onnxruntime-web/wasm';
import type { TimingAligner } from '@/lib/engine/alignment/optional-aligner';
import type { DecoderBatch } from '@/lib/engine/families/seq2seq/decoder';
import type { LoadedFiles } from '@/lib/engine/families/whisper/load-files';
import type { WhisperDependencies } from '@/lib/engine/families/whisper/model';

/** Parts to build a model of, each window alone. */
export type CachedDependencies = Pick<
  WhisperDependencies,
  'config' | 'tokenizer' | 'encoder' | 'decoder' | 'aligner'
>;

/** Equal samples are one window, whoever cut them out. */
function keyOf(pcm: Float32Array): string {
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(pcm.buffer, pcm.byteOffset, pcm.length))
    hash = Math.imul(hash ^ word, 0x01000193) >>> 0;
  return `${pcm.length}:${hash}`;
}

/** What was made once, by a name. */
class Memory {
  private readonly known = new Map<string, Promise<unknown>>();

  remember<T>(key: string, make: () => Promise<T>): Promise<T> {
    const made = this.known.get(key) ?? make();
    this.known.set(key, made);
    // what a key names is always made in the same way
    return made as Promise<T>;
  }
}

/** @returns gives the parts; `search` tells apart what chooses tokens otherwise */
export function cachedDependencies(
  { config, tokenizer, encoder, decoder }: LoadedFiles,
  aligner: TimingAligner,
): (search: string) => CachedDependencies {
  const memory = new Memory();
  /** Samples of what stands for an encoded window: it is encoded when the decoder needs it. */
  const samplesOf = new WeakMap<Tensor, Float32Array>();

  /** A batch disposes what it is given: each gets a tensor of its own on the same values. */
  const encode = async (pcm: Float32Array): Promise<Tensor> => {
    const encoded = await memory.remember(`encode ${keyOf(pcm)}`, () =>
      encoder.encode(encoder.features([pcm])),
    );
    return new Tensor(encoded.type, encoded.data, encoded.dims);
  };

  const begin = (encoded: Tensor, search: string): DecoderBatch => {
    const pcm = samplesOf.get(encoded) ?? new Float32Array();
    const window = keyOf(pcm);
    let batch: DecoderBatch | null = null;
    const real = async () => {
      batch ??= decoder.begin(await encode(pcm));
      return batch;
    };
    return {
      rows: 1,
      firstLogits: (id) =>
        memory.remember(`first ${window} ${id}`, async () => (await real()).firstLogits(id)),
      generate: (options) =>
        memory.remember(
          `generate ${search} ${window} ${options.prompts.join()} ${options.temperature}`,
          async () => (await real()).generate(options),
        ),
      crossAttention: async () => null,
      dispose: () => batch?.dispose(),
    };
  };

  return (search) => ({
    config,
    tokenizer,
    encoder: {
      windowSeconds: encoder.windowSeconds,
      groups: (lengths) => lengths.map((_, index) => [index]),
      features: ([pcm = new Float32Array()]) => ({ values: pcm, counts: [0], frames: 0 }),
      encode: async ({ values }) => {
        const standIn = new Tensor('float32', new Float32Array(1), [1]);
        samplesOf.set(standIn, values);
        return standIn;
      },
      release: async () => undefined,
    },
    decoder: {
      vocabularySize: decoder.vocabularySize,
      hasCrossAttention: false,
      takesLengths: false,
      begin: (encoded) => begin(encoded, search),
      release: async () => undefined,
    },
    aligner: {
      language: aligner.language,
      align: (pcm, words) =>
        memory.remember(`align ${keyOf(pcm)} ${words.join(' ')}`, () => aligner.align(pcm, words)),
      release: async () => undefined,
    },
  });
}
