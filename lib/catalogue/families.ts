import type { CatalogueModel, PublishedModel } from './catalogue';

/** The families that tell speakers apart, and recognise no words. */
const SPEAKER_FAMILIES = ['speaker-segmentation', 'speaker-embedding'] as const;

type SpeakerFamily = (typeof SPEAKER_FAMILIES)[number];

/** A model that tells speakers apart. */
export type SpeakerModel = PublishedModel & { family: SpeakerFamily };

/** A published model that recognises words. */
export type RecogniserModel = PublishedModel & {
  family: Exclude<PublishedModel['family'], SpeakerFamily>;
};

export function isSpeakerModel(model: CatalogueModel): model is SpeakerModel {
  return SPEAKER_FAMILIES.some((family) => family === model.family);
}

/** Whether a published model recognises words. */
export function isRecogniserModel(model: PublishedModel): model is RecogniserModel {
  return !isSpeakerModel(model);
}

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
  // onnx-community: onnx/model.onnx; csukuangfj, hbredin: one graph under a name of its own
  'speaker-segmentation': { needed: ['network'], optional: ['networkData'] },
  'speaker-embedding': { needed: ['network'], optional: ['networkData'] },
  // istupakov: encoder-model.onnx, decoder_joint-model.onnx, vocab.txt
  tdt: { needed: ['encoder', 'decoder', 'tokens'], optional: ['encoderData', 'decoderData'] },
  // of our own recipe, as training/receiver writes it: model.onnx, model.int8.onnx, vocab.json, lm.bin, search.json
  'phone-ctc': { needed: ['network', 'vocabulary', 'languageModel', 'search'], optional: [] },
};
