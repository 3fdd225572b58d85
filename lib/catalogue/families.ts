import type { PublishedModel } from './catalogue';

/**
 * The roles that a family's files have in `PublishedVariant.files`: those that must be there, and
 * those that may. `lib/engine` reads files by these names only.
 */
export const FAMILY_ROLES: Record<
  PublishedModel['family'],
  { needed: readonly string[]; optional: readonly string[] }
> = {
  // onnx-community: onnx/encoder_model*.onnx, onnx/decoder_model_merged*.onnx, tokenizer.json, config.json, generation_config.json
  whisper: {
    needed: ['encoder', 'decoder', 'tokenizer', 'config', 'generation'],
    optional: ['encoderData', 'decoderData'],
  },
  // onnx-community: the same names
  moonshine: {
    needed: ['encoder', 'decoder', 'tokenizer', 'config'],
    optional: ['encoderData', 'decoderData'],
  },
  // istupakov, csukuangfj: model.onnx, vocab.txt or tokens.txt; onnx-community: onnx/model.onnx, tokenizer.json
  'nemo-ctc': { needed: ['network', 'tokens'], optional: ['networkData'] },
  // istupakov: encoder-model.onnx, decoder_joint-model.onnx, vocab.txt
  tdt: { needed: ['encoder', 'decoder', 'tokens'], optional: ['encoderData', 'decoderData'] },
};
