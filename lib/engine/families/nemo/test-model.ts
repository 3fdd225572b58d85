import type { PublishedModel } from '@/lib/catalogue/catalogue';
import type { ModelFiles } from '@/lib/engine/families/speech-model';

/** What the tests ask of a model. */
export const SPEECH = { hotWords: [], language: null, task: 'transcribe' } as const;

/** Files in memory, by the path in their repository. */
export function filesOf(
  bytes: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  paths: Readonly<Record<string, string>>,
): ModelFiles {
  const pathOf = (role: string) => paths[role] ?? '';
  return {
    has: (role) => bytes.has(pathOf(role)),
    nameOf: (role) => pathOf(role).split('/').at(-1) ?? '',
    async read(role) {
      const found = bytes.get(pathOf(role));
      if (!found) throw new Error(`No file for ${role}.`);
      return found;
    },
  };
}

/** The roles of the files that `nemoCtcFiles` makes. */
export const CTC_PATHS = {
  network: 'model.onnx',
  networkData: 'model.onnx.data',
  tokens: 'tokens.txt',
};
export const TRANSFORMERS_PATHS = {
  network: 'onnx/model.onnx',
  networkData: 'onnx/model.onnx_data',
  tokens: 'tokenizer.json',
};

/** The roles of the files that `tdtFiles` makes. */
export const TDT_PATHS = {
  encoder: 'encoder-model.onnx',
  encoderData: 'encoder-model.onnx.data',
  decoder: 'decoder_joint-model.onnx',
  tokens: 'vocab.txt',
};

/** The same of `tdtFiles` with weights in bytes. */
export const TDT_INT8_PATHS = {
  encoder: 'encoder-model.int8.onnx',
  decoder: 'decoder_joint-model.int8.onnx',
  tokens: 'vocab.txt',
};

/** An entry of the catalogue for a model of random weights. */
export function entryOf(
  family: 'nemo-ctc' | 'tdt',
  languages: PublishedModel['languages'] = ['en'],
): PublishedModel {
  return {
    id: `${family}-random`,
    family,
    name: 'Random',
    description: 'Random weights.',
    languages,
    licence: 'MIT',
    credits: [],
    repository: 'random/random',
    revision: 'main',
    scores: [],
    backends: { wasm: null, webgpu: null },
  };
}
