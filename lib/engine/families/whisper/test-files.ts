import type { ModelFiles } from '@/lib/engine/speech-model';

const ROLES: Record<string, string> = {
  encoder: 'onnx/encoder_model.onnx',
  decoder: 'onnx/decoder_model_merged.onnx',
  tokenizer: 'tokenizer.json',
  config: 'config.json',
  generation: 'generation_config.json',
};

/** The files of a repository, by path, as `tools/random-models` generates them. */
export type Repository = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** The files of a generated model, as the model library hands them out. */
export function repositoryFiles(files: Repository): ModelFiles {
  return {
    has: (role) => files.has(ROLES[role] ?? ''),
    nameOf: (role) => ROLES[role]?.split('/').at(-1) ?? '',
    async read(role) {
      const bytes = files.get(ROLES[role] ?? '');
      if (!bytes) throw new Error(`The model has no ${role}.`);
      return bytes;
    },
  };
}
